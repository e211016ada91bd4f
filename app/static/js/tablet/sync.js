/**
 * Sending the outbox: only a receipt counts as sent; whatever else happens, the item stays.
 *
 * `drain` sends what it can and says what went wrong. One item, one tablet's token or one batch
 * that cannot be taken must not hold up the others. It knows no clock and no network: both are
 * handed in.
 */

export const BATCH = 50;
const SINGLES = 3;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/** After so many failures of the server in one round it is left alone for a while. */
const MOST_TROUBLE = 5;
const WRONG_TOKEN = 401;
/** Statuses after which a batch goes again in halves, and after which one item waits for people. */
const WHOLE_REFUSED = [400, 413, 422];
const ITEM_REFUSED = [413, 422];
/** The server kept this one aside because it broke down over it: 0006. */
const BROKE_DOWN = "500.2";

/**
 * Sends what waits, and what needed attention too: the server may have learnt to read it.
 * `send` is {put(item, token), post(items, token)}, `own` {project, token} of this tablet, `tokens`
 * device id -> token, `verify` whether a receipt is right, `tick` a number that only grows, `sizes`
 * {batch} how many go at once on this network, `report` is told after each step.
 * Returns {sent, attention, problem}; `problem` is the first that is not about a single item.
 */
export async function drain({ report = () => {}, sizes = { batch: BATCH }, ...handed }) {
  const done = { sent: 0, attention: 0, problem: null };
  const queue = split(await handed.outbox.unsent(), handed.tokens, sizes.batch);
  const round = { ...handed, sizes, queue, done, trouble: 0 };
  while (queue.length > 0 && round.trouble < MOST_TROUBLE) {
    const part = queue.shift();
    report({ sending: part.items.map(({ id }) => id) });
    try {
      await settle(part.items, await sent(part, handed.send), round);
    } catch (error) {
      await failed(error, part, round);
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
function split(items, tokens, batch) {
  const size = items.length <= SINGLES ? 1 : batch;
  const byDevice = new Map();
  for (const item of items) byDevice.set(item.device, [...(byDevice.get(item.device) ?? []), item]);
  return [...byDevice].flatMap(([device, own]) =>
    Array.from({ length: Math.ceil(own.length / size) }, (_, n) => ({
      items: own.slice(n * size, (n + 1) * size),
      token: tokens[device],
    })),
  );
}

async function sent({ items, token }, send) {
  return items.length === 1 ? [await send.put(items[0], token)] : send.post(items, token);
}

async function settle(items, outcomes, { outbox, verify, tick, done, sizes }) {
  sizes.batch = Math.min(BATCH, Math.max(sizes.batch, items.length * 2));
  for (const [place, item] of items.entries()) {
    const outcome = outcomes[place];
    if (await verify(item, outcome)) {
      await outbox.received(item.id, outcome, await tick());
      done.sent += 1;
    } else if (outcome?.problem && outcome.receipt === null) {
      await outbox.refused(item.id, outcome.problem);
      done.attention += 1;
    } else {
      throw new TypeError("an answer that is no receipt");
    }
  }
}

async function failed(error, part, round) {
  if (error.status === WRONG_TOKEN) return withoutToken(error, part, round);
  if (part.items.length > 1 && isDivisible(error)) return divide(error, part, round);
  if (part.items.length === 1 && isOfItem(error)) {
    await round.outbox.refused(part.items[0].id, error.problem);
    round.done.attention += 1;
    return undefined;
  }
  round.done.problem ??= error;
  // What never reached the server would not reach it a moment later either.
  round.trouble += error.status === undefined ? MOST_TROUBLE : 1;
  return undefined;
}

/** A token that the server no longer knows: this tablet's present one hands it in, for review. */
function withoutToken(error, part, { queue, own, done }) {
  const isRelayable = part.token !== own.token && part.items[0].project === own.project;
  const fellows = queue.filter(({ token }) => token === part.token);
  for (const other of fellows) queue.splice(queue.indexOf(other), 1);
  if (isRelayable) queue.push(...[part, ...fellows].map(({ items }) => ({ items, token: own.token })));
  else done.problem ??= error;
}

function divide(error, { items, token }, { queue, sizes }) {
  const half = Math.ceil(items.length / 2);
  if (error.isTimeout) sizes.batch = half;
  queue.unshift({ items: items.slice(0, half), token }, { items: items.slice(half), token });
}

function isDivisible({ status, isTimeout }) {
  return isTimeout === true || WHOLE_REFUSED.includes(status);
}

function isOfItem({ status, problem }) {
  return ITEM_REFUSED.includes(status) || problem?.code === BROKE_DOWN;
}
