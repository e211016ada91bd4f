/**
 * A new version of the app waits until no interview is open in any tab.
 *
 * An open interview holds the lock in shared mode; whoever gets it alone may let the new version
 * take over. Drafts and the forms they were begun with lie in the store and outlive any version.
 */

const LOCK = "manyi-interview";

/** Until the returned function is called, no new version takes over. */
export function holdVersion(locks) {
  let release = () => {};
  const released = new Promise((resolve) => (release = resolve));
  locks.request(LOCK, { mode: "shared" }, () => released);
  return release;
}

/** Closes a draft to every other tab, or null if another has it open; returns how to let it go. */
export function draftLock(locks, id) {
  return new Promise((resolve) => {
    locks.request(`manyi-draft-${id}`, { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(null);
      return new Promise((release) => resolve(release));
    });
  });
}

/** `workers` is navigator.serviceWorker or undefined where the browser has none. */
export async function updatesOf(workers, locks, reload) {
  if (workers === undefined) return { look: async () => {}, take: async () => {} };
  // The very first version takes over a page that already runs it.
  let isFirst = workers.controller === null;
  workers.addEventListener("controllerchange", () => {
    if (!isFirst) reload();
    isFirst = false;
  });
  const registration = await workers.register("/tablet/sw.js", {
    scope: "/tablet/",
    updateViaCache: "none",
  });

  async function take() {
    if (registration.waiting === null) return;
    await locks.request(LOCK, { ifAvailable: true }, (lock) => {
      if (lock !== null) registration.waiting?.postMessage("activate");
    });
  }

  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", take);
  });
  return { look: () => registration.update().catch(() => {}), take };
}
