/** Whose tablet this is, what it took along, and its own account of what it holds. */

import { byId, isUnsent, oldestOf } from "./outbox.js";

const NEEDED_FOR_HANDING_IN = ["device", "project", "key", "grace_days"];
const DEVICE_CLOSED = "403.2";
const GRACE_DAYS = 7;

/** `facts` is {isoNow(), persisted(), shell()}: the clock and what only the browser knows. */
export function homeIn(store, outbox, facts) {
  async function tick() {
    const next = ((await store.setting("tick")) ?? 0) + 1;
    await store.set("tick", next);
    return next;
  }

  async function bundle() {
    return (await store.setting("bundle")) ?? null;
  }

  /** Forms that an open draft was begun with stay, whatever is offered now. */
  async function keep({ forms, ...rest }, at) {
    const gone = await unused(forms.map(({ key }) => key));
    const offered = forms.map(({ key, audience, title }) => ({ key, audience, title }));
    await store.write(
      ...forms.map((form) => ["forms", "put", form]),
      ...gone.map((key) => ["forms", "delete", key]),
      ["settings", "put", { ...rest, offered, tick: at, closed: false }, "bundle"],
    );
  }

  /** Revoked: what is needed to hand in stays, everything else that was read goes. */
  async function close() {
    const old = await bundle();
    if (old === null) return;
    const rest = Object.fromEntries(NEEDED_FOR_HANDING_IN.map((name) => [name, old[name]]));
    const nothing = { areas: [], assignments: [], offered: [], ledger: [], version: null };
    await store.write(
      ...(await unused([])).map((key) => ["forms", "delete", key]),
      ["settings", "put", { ...rest, ...nothing, tick: old.tick, closed: true }, "bundle"],
    );
  }

  async function unused(wanted) {
    const used = new Set([...wanted, ...(await store.all("drafts")).map(({ form }) => form)]);
    return (await store.all("forms")).map(({ key }) => key).filter((key) => !used.has(key));
  }

  return {
    tick,
    bundle,
    device: async () => (await store.setting("device")) ?? null,
    form: (key) => store.get("forms", key),
    /** Open ones; what was discarded stays a while and can be brought back. */
    drafts: async () => (await store.all("drafts")).filter((one) => !one.discarded_at).sort(byId),
    discarded: async () => (await store.all("drafts")).filter((one) => one.discarded_at).sort(byId),
    graceDays: async () => (await bundle())?.grace_days ?? GRACE_DAYS,
    /** A tablet that was registered anew still hands in with the token of each interview's time. */
    tokens: async () => (await store.setting("tokens")) ?? {},
    async enrolled(device) {
      const tokens = (await store.setting("tokens")) ?? {};
      await store.write(
        ["settings", "put", { ...tokens, [device.id]: device.token }, "tokens"],
        ["settings", "put", null, "bundle"],
        ["settings", "put", device, "device"],
      );
    },
    async refresh(api) {
      const own = await store.setting("device");
      const old = await bundle();
      const at = await tick();
      try {
        const found = await api.bundle(own.token, old?.version ?? null);
        if (found === null) await store.set("bundle", { ...old, tick: at });
        else await keep(found, at);
      } catch (error) {
        if (error.problem?.code !== DEVICE_CLOSED) throw error;
        await close();
      }
    },
    /** [device id, visits] for each tablet that this one has been. */
    async unsentVisits() {
      const byDevice = new Map();
      for (const visit of (await store.all("visits")).filter(isUnsentVisit)) {
        byDevice.set(visit.device, [...(byDevice.get(visit.device) ?? []), visit]);
      }
      return [...byDevice];
    },
    /** `receipts` in the order of the visits; what the server could not read keeps its problem. */
    visitsAnswered(visits, receipts) {
      const changed = visits.flatMap((visit, place) => answeredVisit(visit, receipts[place]));
      return store.write(...changed.map((visit) => ["visits", "put", visit]));
    },
    async report() {
      const own = await store.setting("device");
      const practice = (await bundle())?.project.practice ?? false;
      const isOwn = (item) => item.device === own.id && !item.relayed && item.practice === practice;
      const items = (await outbox.all()).filter(isOwn);
      const unsent = items.filter(isUnsent);
      return {
        finished: items.length,
        unsent: unsent.length,
        oldest_unsent_at: oldestOf(unsent),
        drafts: (await store.all("drafts")).filter((one) => !one.discarded_at).length,
        persisted: await facts.persisted(),
        shell: await facts.shell(),
        told_at: facts.isoNow(),
        practice,
        by: tallied(items),
      };
    },
  };
}

export function isUnsentVisit(visit) {
  return !visit.received;
}

function answeredVisit(visit, receipt) {
  if (receipt?.id !== visit.id) return [];
  if (receipt.status === "refused") return [{ ...visit, problem: receipt.problem }];
  return [{ ...visit, received: true, problem: null }];
}

/**
 * Finished on this tablet and not yet in the numbers of the bundle. As on the server, an item counts
 * for the nearest area, at or above its own, in which this audience is assigned.
 */
export function doneHere(items, assignment, bundle) {
  const parents = new Map(bundle.areas.map(({ code, parent }) => [code, parent]));
  const assigned = new Set(bundle.assignments.map(placeOf));
  const home = ({ area, audience }) => {
    let at = area;
    while (at && !assigned.has(placeOf({ area: at, audience }))) at = parents.get(at);
    return placeOf({ area: at ?? area, audience });
  };
  const isNew = (item) => !item.relayed && (isUnsent(item) || item.receipt_tick > bundle.tick);
  return items.filter((item) => isNew(item) && home(item) === placeOf(assignment)).length;
}

function placeOf({ area, audience }) {
  return JSON.stringify([area, audience]);
}

function tallied(items) {
  const counts = new Map();
  for (const { area, audience } of items) {
    const key = placeOf({ area, audience });
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, finished]) => {
    const [area, audience] = JSON.parse(key);
    return { area, audience, finished };
  });
}
