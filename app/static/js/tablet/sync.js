/**
 * Sending the outbox: only a receipt counts as sent; whatever else happens, the item stays.
 *
 * `drain` sends until nothing is left or the server cannot be reached, and says which. It knows no
 * clock and no network: both are handed in.
 */

const BATCH = 50;
const SINGLES = 3;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/** Statuses after which a batch goes again in halves, and after which one item waits for people. */
const WHOLE_REFUSED = [400, 413, 422];
const ITEM_REFUSED = [413, 422];

/**
 * Sends what waits, and what needed attention too: the server may have learnt to read it.
 * `send` is {put(item, token), post(items, token)}, `tokens` device id -> token, `verify` whether a
 * receipt is right, `tick` a number that only grows, `report` is told after each step.
 * Returns {sent, attention, problem}; `problem` is what stopped it.
 */
export async function drain({ outbox, send, tokens, verify, tick, report = () => {} }) {
  const done = { sent: 0, attention: 0, problem: null };
  const queue = split(await outbox.unsent());
  while (queue.length > 0 && done.problem === null) {
    const part = queue.shift();
    report({ sending: part.map(({ id }) => id) });
    try {
      const outcomes = await sent(part, send, tokens);
      await settle(part, outcomes, { outbox, verify, tick, done });
    } catch (error) {
      const smaller = splitAfter(error, part);
      queue.unshift(...smaller);
      if (smaller.length === 0) await failed(error, part, outbox, done);
    }
  }
  report({ sending: [] });
  return done;
}

/** How long to wait after so many failures in a row, between a half and the whole of it. */
export function pause(failures, random = Math.random) {
  const whole = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(failures - 1, 0), LONGEST_PAUSE_MS);
  return whole * (0.5 + random() / 2);
}

/** One by one while they are few; else in batches, each of one tablet's items. */
function split(items) {
  if (items.length <= SINGLES) return items.map((item) => [item]);
  const byDevice = new Map();
  for (const item of items) byDevice.set(item.device, [...(byDevice.get(item.device) ?? []), item]);
  return [...byDevice.values()].flatMap((own) =>
    Array.from({ length: Math.ceil(own.length / BATCH) }, (_, n) => own.slice(n * BATCH, (n + 1) * BATCH)),
  );
}

async function sent(part, send, tokens) {
  const token = tokens[part[0].device];
  return part.length === 1 ? [await send.put(part[0], token)] : send.post(part, token);
}

/** A batch that was refused as a whole goes again in smaller parts; a single item cannot. */
function splitAfter(error, part) {
  if (part.length === 1 || !WHOLE_REFUSED.includes(error.status)) return [];
  const half = Math.ceil(part.length / 2);
  return [part.slice(0, half), part.slice(half)];
}

async function failed(error, part, outbox, done) {
  if (part.length > 1 || !ITEM_REFUSED.includes(error.status)) {
    done.problem = error;
    return;
  }
  await outbox.refused(part[0].id, error.problem);
  done.attention += 1;
}

async function settle(part, outcomes, { outbox, verify, tick, done }) {
  for (const [place, item] of part.entries()) {
    const outcome = outcomes[place];
    if (await verify(item, outcome)) {
      await outbox.received(item.id, outcome, await tick());
      done.sent += 1;
    } else if (outcome?.problem && outcome.receipt === null) {
      await outbox.refused(item.id, outcome.problem);
      done.attention += 1;
    } else {
      done.problem = new TypeError("an answer that is no receipt");
    }
  }
}
