/**
 * Seals a finished response for the project's public key, so that only the server reads it.
 *
 * Whoever takes the tablet, or carries its exported file, finds nothing to read. The proof inside
 * says which tablet made the response, whoever hands it in. The other half is
 * app/services/envelopes.py; docs/decisions/0008 has the reasons.
 */

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const PURPOSE = "manyi sealed response v1";
const SECRET_BITS = 256;
const NONCE_BYTES = 12;
const ENVELOPE_VERSION = 1;

const encoder = new TextEncoder();

/**
 * `text` is the response as JSON, which the server gets letter by letter; `id` its UUID, `device`
 * and `token` those of this tablet. Returns the envelope {v, key, ephemeral, nonce, text}.
 */
export async function seal({ publicKey, keyId, id, device, token, text, crypto = globalThis.crypto }) {
  const responseId = id.toLowerCase();
  const proof = await proofOf(crypto.subtle, token, `${responseId} ${text}`);
  const letter = encoder.encode(JSON.stringify({ device, proof, response: text }));
  const { key, ephemeral } = await keyFor(crypto.subtle, bytesOf(publicKey));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const bound = { name: "AES-GCM", iv: nonce, additionalData: encoder.encode(`${responseId} ${keyId}`) };
  const sealed = await crypto.subtle.encrypt(bound, key, letter);
  return {
    v: ENVELOPE_VERSION,
    key: keyId,
    ephemeral: base64Of(ephemeral),
    nonce: base64Of(nonce),
    text: base64Of(new Uint8Array(sealed)),
  };
}

/** HMAC-SHA-256 (hex); its key is SHA-256 of the token, which the server has as well. */
async function proofOf(subtle, token, message) {
  const secret = await subtle.digest("SHA-256", encoder.encode(token));
  const key = await subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signature = new Uint8Array(await subtle.sign("HMAC", key, encoder.encode(message)));
  return [...signature].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A key of this envelope alone, and the point from which the server derives it again. */
async function keyFor(subtle, publicPoint) {
  const theirs = await subtle.importKey("raw", publicPoint, CURVE, false, []);
  const own = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const ephemeral = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
  const secret = await subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, SECRET_BITS);
  const material = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const salt = new Uint8Array([...ephemeral, ...publicPoint]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(PURPOSE) };
  const cipher = { name: "AES-GCM", length: SECRET_BITS };
  return { key: await subtle.deriveKey(derivation, material, cipher, false, ["encrypt"]), ephemeral };
}

function bytesOf(base64) {
  const text = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** One letter after the other: a long response would not fit into the arguments of one call. */
function base64Of(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
