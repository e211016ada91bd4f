/**
 * Drafts of interviews that are not yet handed in, in a storage that is handed in.
 *
 * A draft is {values, started_at, elapsed_ms, saved_at, address, name, project, person}. A storage
 * that is full or forbidden must never stop an interview: writing then does nothing.
 */

const PREFIX = "manyi:draft:";

export function draftsIn(storage) {
  return {
    read: (id) => parsed(attempt(() => storage.getItem(PREFIX + id))),
    write: (id, draft) => attempt(() => storage.setItem(PREFIX + id, JSON.stringify(draft))),
    remove: (id) => attempt(() => storage.removeItem(PREFIX + id)),
    all: () => attempt(() => Object.keys(storage).filter(isDraft).map(withId(storage))) ?? [],
  };
}

/** When the draft was saved, as people say it. */
export function timeOf(draft, language) {
  const style = { dateStyle: "medium", timeStyle: "short" };
  return new Date(draft.saved_at).toLocaleString(language, style);
}

function isDraft(key) {
  return key.startsWith(PREFIX);
}

function withId(storage) {
  return (key) => ({ id: key.slice(PREFIX.length), ...parsed(storage.getItem(key)) });
}

function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
