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
const DAY_MS = 24 * 60 * 60 * 1000;

export function outboxIn(store, clock = Date.now) {
  const all = () => store.all("outbox");

  return {
    all,
    unsent: async () => (await all()).filter(isUnsent).sort(byAge),
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
    /** Drops sealed copies whose receipt is older than the grace period; returns how many. */
    async prune(graceDays) {
      const old = (await all()).filter((item) => isOver(item, graceDays, clock()));
      await store.write(...old.map((item) => ["outbox", "put", { ...item, sealed: null }]));
      return old.length;
    },
    async exported(project, device) {
      const items = (await all()).filter((item) => item.project === project && item.sealed !== null);
      const visits = (await store.all("visits")).filter((visit) => visit.project === project);
      return {
        format: FORMAT,
        version: FORMAT_VERSION,
        project,
        device,
        exported_at: new Date(clock()).toISOString(),
        items: items.map(({ id, sealed }) => ({ id, sealed })),
        visits: visits.map(asSent),
      };
    },
    /** Takes in what another tablet exported, to relay it unopened; returns {taken, known}. */
    async take(content, own) {
      const file = readFile(content, own.project);
      const known = new Set((await all()).map(({ id }) => id));
      const fresh = file.items.filter(({ id }) => !known.has(id));
      const items = fresh.map(({ id, sealed }) => relayed(id, sealed, own, file.device, clock()));
      await store.write(...items.map((item) => ["outbox", "put", item]));
      return { taken: items.length, known: file.items.length - items.length };
    },
  };
}

/** A visit without what only this tablet needs to know. */
export function asSent({ project: _project, device: _device, received: _received, ...visit }) {
  return visit;
}

export function isUnsent(item) {
  return item.state !== "received";
}

/** Of the oldest first; ids of version 7 begin with the time. */
function byAge(one, other) {
  return one.id < other.id ? -1 : 1;
}

function isOver(item, graceDays, now) {
  return item.sealed !== null && !isUnsent(item) && now - item.received_at_ms >= graceDays * DAY_MS;
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
