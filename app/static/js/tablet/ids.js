/** Ids that are made without a server: UUIDs of version 7, the code on a receipt, tokens. */

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TOKEN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const TOKEN_GROUPS = 6;
const GROUP_LENGTH = 5;
const SHORT_CODE_LENGTH = 10;

/** RFC 9562, 5.7: the time in ms, then 74 random bits. `random` are 10 bytes. */
export function uuid7(nowMs, random) {
  const time = Math.trunc(nowMs).toString(16).padStart(12, "0");
  const bytes = [...random];
  bytes[0] = 0x70 | (bytes[0] & 0x0f);
  bytes[2] = 0x80 | (bytes[2] & 0x3f);
  const hex = time + bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function newId(cryptography) {
  return uuid7(Date.now(), cryptography.getRandomValues(new Uint8Array(10)));
}

/** What the respondent gets on paper, the same as the server makes of this id. */
export async function shortCode(id, cryptography) {
  const bytes = Uint8Array.from(id.replaceAll("-", "").match(/../g), (two) => parseInt(two, 16));
  const digest = await cryptography.subtle.digest("SHA-256", bytes);
  let number = new DataView(digest).getBigUint64(0);
  let letters = "";
  for (let place = 0; place < SHORT_CODE_LENGTH; place += 1) {
    letters += CROCKFORD[Number(number % 32n)];
    number /= 32n;
  }
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** Six groups of five characters, each drawn evenly. */
export function newToken(cryptography) {
  const groups = Array.from({ length: TOKEN_GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => TOKEN_ALPHABET[below(TOKEN_ALPHABET.length, cryptography)]).join(""),
  );
  return groups.join("-");
}

/** A random whole number below `limit`; bytes that would favour small ones are drawn again. */
function below(limit, cryptography) {
  const [byte] = cryptography.getRandomValues(new Uint8Array(1));
  return byte < 256 - (256 % limit) ? byte % limit : below(limit, cryptography);
}
