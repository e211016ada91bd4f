/**
 * Finished responses on their way to the server, in a store that is handed in.
 *
 * An item is {id, device, project, audience, area, practice, finished_at, sealed, relayed, state,
 * problem, receipt, receipt_tick, received_at_ms}. Its state is `waiting`, `attention` (the
 * server kept it aside or refused it) or `received`. The sealed copy stays until the receipt is
 * older than the grace period; the line itself stays for the tablet's own account.
 */

const FORMAT = "manyi-outbox";
const FORMAT_VERSION = 1;
const KEPT_HERE = ["project", "device", "received", "problem"];
const DAY_MS = 24 * 60 * 60 * 1000;

export function outboxIn(store, clock = Date.now) {
  const all = () => store.all("outbox");

  return {
    all,
    unsent: async () => (await all()).filter(isUnsent).sort(byId),
    /** Freezes a response: its item and its visit appear and the draft goes, all or none. */
    freeze: (item, visit, draftId) =>
      store.write(["outbox", "put", item], ["visits", "put", visit], ["drafts", "delete", draftId]),
    received: (id, receipt, tick) =>
      store.update("outbox", id, (item) => ({
        ...item,
        state: "received",
        problem: null,
        receipt,
        receipt_tick: tick,
        received_at_ms: clock(),
      })),
    /** Never takes a receipt back: an answer may come late, after one that was better. */
    refused: (id, problem) =>
      store.update("outbox", id, (item) =>
        item.state === "received" ? undefined : { ...item, state: "attention", problem },
      ),
    /** Drops sealed copies whose receipt is older than the grace period, and drafts that were
     *  discarded as long ago; returns how many. */
    async prune(graceDays) {
      const isOver = (ms) => clock() - ms >= graceDays * DAY_MS;
      const sent = (await all()).filter((one) => one.sealed && !isUnsent(one) && isOver(one.received_at_ms));
      const drafts = (await store.all("drafts")).filter((one) => one.discarded_at && isOver(one.discarded_at));
      await store.write(
        ...sent.map((item) => ["outbox", "put", { ...item, sealed: null }]),
        ...drafts.map(({ id }) => ["drafts", "delete", id]),
      );
      return sent.length + drafts.length;
    },
    /** Everything that is still here sealed, one file for each project and tablet that made it. */
    async exported() {
      const files = new Map();
      const fileOf = ({ project, device }) => {
        const key = `${project} ${device}`;
        if (!files.has(key)) files.set(key, emptyFile(project, device, clock()));
        return files.get(key);
      };
      for (const item of (await all()).filter(({ sealed }) => sealed !== null)) {
        fileOf(item).items.push({ id: item.id, sealed: item.sealed });
      }
      for (const visit of await store.all("visits")) fileOf(visit).visits.push(asSent(visit));
      return [...files.values()];
    },
    /** Takes in what another tablet exported, to relay it unopened; its visits prove nothing and are
     *  left to that tablet or an evaluator. Returns {taken, known, visits}. */
    async take(content, own) {
      const file = readFile(content, own.project);
      const known = new Set((await all()).map(({ id }) => id));
      const fresh = file.items.filter(({ id }) => !known.has(id));
      const items = fresh.map(({ id, sealed }) => relayed(id, sealed, own, file.device, clock()));
      await store.write(...items.map((item) => ["outbox", "put", item]));
      const visits = Array.isArray(file.visits) ? file.visits.length : 0;
      return { taken: items.length, known: file.items.length - items.length, visits };
    },
    /** Only what came in a file of others: one's own goes when the server has it. */
    forget: (item) => (item.relayed ? store.write(["outbox", "delete", item.id]) : undefined),
  };
}

/** A visit without what only this tablet needs to know. */
export function asSent(visit) {
  return Object.fromEntries(Object.entries(visit).filter(([name]) => !KEPT_HERE.includes(name)));
}

export function isUnsent(item) {
  return item.state !== "received";
}

/** When the oldest of these was finished, as its tablet said; null of none. */
export function oldestOf(items) {
  const moments = items.map(({ finished_at }) => finished_at);
  return moments.sort((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null;
}

/** Of the oldest first; ids of version 7 begin with the time. */
export function byId(one, other) {
  return one.id < other.id ? -1 : 1;
}

function emptyFile(project, device, now) {
  const exported_at = new Date(now).toISOString();
  return { format: FORMAT, version: FORMAT_VERSION, project, device, exported_at, items: [], visits: [] };
}

export class FileFault extends Error {
  /** `reason` is unreadable, other_format or other_project. */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

function readFile(content, project) {
  let file;
  try {
    file = JSON.parse(content);
  } catch {
    throw new FileFault("unreadable");
  }
  const isOurs = file?.format === FORMAT && file.version === FORMAT_VERSION;
  if (!isOurs || !Array.isArray(file.items) || !file.items.every(isItem)) {
    throw new FileFault("other_format");
  }
  if (file.project !== project) throw new FileFault("other_project");
  const items = new Map(file.items.map((item) => [item.id, item]));
  return { ...file, items: [...items.values()] };
}

function isItem(item) {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(item?.id ?? "") && typeof item.sealed === "object" && item.sealed !== null;
}

/** Sent with this tablet's own token; the seal says whose it is. */
function relayed(id, sealed, own, from, now) {
  return {
    ...{ id, sealed, device: own.device, project: own.project, from, relayed: true },
    ...{ audience: null, area: null, practice: null, finished_at: new Date(now).toISOString() },
    ...{ state: "waiting", problem: null, receipt: null, receipt_tick: null, received_at_ms: null },
  };
}
