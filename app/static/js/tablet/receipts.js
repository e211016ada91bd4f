/** Whether an answer is the server's receipt for this response: DESIGN 3, docs/decisions/0006. */

const HEX = /^[0-9a-f]{64}$/;
const STATES = ["stored", "needs_review", "conflict"];

/** The receipt follows from id, content and first arrival, so it can be computed again. */
export function verifierWith(cryptography) {
  return async (item, answer) => {
    const isShaped = answer?.id === item.id && STATES.includes(answer.status) && HEX.test(answer.receipt ?? "");
    if (!isShaped) return false;
    const facts = `${answer.id} ${answer.content_hash} ${answer.received_at}`;
    const digest = await cryptography.subtle.digest("SHA-256", new TextEncoder().encode(facts));
    return hex(digest) === answer.receipt;
  };
}

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
