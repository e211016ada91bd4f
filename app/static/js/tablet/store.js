/**
 * What lies on this tablet, in IndexedDB; the only module that touches it.
 *
 * Stores: settings (by name), forms (by key), drafts, outbox and visits (by id). Several writes go
 * in one transaction or not at all, and `strict` lets the browser answer only once they are on disk.
 */

const NAME = "manyi-tablet";
const VERSION = 1;
const STORES = { settings: null, forms: "key", drafts: "id", outbox: "id", visits: "id" };

/** The store reopens by itself when the browser has closed it. */
export function openStore(factory = globalThis.indexedDB) {
  let opening = null;

  function database() {
    opening ??= open(factory, () => (opening = null)).catch((error) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  /** Runs `work` in a transaction; once more if the browser closed the connection meanwhile. */
  async function transact(names, mode, work) {
    try {
      return await attempt(await database(), names, mode, work);
    } catch (error) {
      if (error?.name !== "InvalidStateError") throw error;
      opening = null;
      return attempt(await database(), names, mode, work);
    }
  }

  return {
    get: (name, key) => transact([name], "readonly", (stores) => stores[name].get(key)),
    all: (name) => transact([name], "readonly", (stores) => stores[name].getAll()),
    setting: (key) => transact(["settings"], "readonly", ({ settings }) => settings.get(key)),
    set: (key, value) => transact(["settings"], "readwrite", ({ settings }) => settings.put(value, key)),
    /** `changes` are [store, "put", value(, key)] or [store, "delete", key]; all of them or none. */
    write(...changes) {
      const names = [...new Set(changes.map(([name]) => name))];
      if (names.length === 0) return Promise.resolve();
      return transact(names, "readwrite", (stores) => {
        for (const [name, verb, ...what] of changes) stores[name][verb](...what);
      });
    },
    /** Replaces one value by what `change` makes of it, unless that is undefined. */
    update(name, key, change) {
      return transact([name], "readwrite", (stores) => {
        const request = stores[name].get(key);
        request.onsuccess = () => {
          const changed = request.result === undefined ? undefined : change(request.result);
          if (changed !== undefined) stores[name].put(changed);
        };
      });
    },
  };
}

function open(factory, closed) {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, VERSION);
    request.onupgradeneeded = () => create(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = closed;
      database.onversionchange = () => {
        database.close();
        closed();
      };
      resolve(database);
    };
  });
}

function create(database) {
  for (const [name, keyPath] of Object.entries(STORES)) {
    database.createObjectStore(name, keyPath === null ? {} : { keyPath });
  }
}

function attempt(database, names, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    let request;
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    try {
      request = work(stores);
    } catch (error) {
      // What was asked for before it would be committed otherwise.
      reject(error);
      transaction.abort();
    }
  });
}
