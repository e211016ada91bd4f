/** An open interview: saves every tap, and freezes the response when it is finished. */

import { freeze } from "../freezing.js";
import { mountInterview } from "../interview.js";
import { copyOf, fillIn } from "../pieces.js";
import { draftLock, holdVersion } from "../update.js";

export async function interview(app, root, { parts: [id] }) {
  const draft = await app.store.get("drafts", id);
  if (draft === undefined) return app.go("#/");
  const form = await app.home.form(draft.form);
  if (form === undefined) return say(root, app.texts.form_missing);
  const closeDraft = await draftLock(navigator.locks, id);
  if (closeDraft === null) return say(root, app.texts.elsewhere);
  document.body.classList.add("interview");
  const release = holdVersion(navigator.locks);
  const mounted = mountInterview(root, {
    form,
    draft,
    language: document.body.dataset.language,
    settings: app.settings,
    save: (changed) => save(app, changed),
    finish: (finished) => finish(app, form, draft.id, finished),
    leave: () => app.go("#/"),
  });
  return {
    close() {
      mounted.close();
      release();
      closeDraft();
      document.body.classList.remove("interview");
    },
  };
}

function say(root, message) {
  root.replaceChildren(fillIn(copyOf("view-message"), { message }));
}

/** The position may have come meanwhile, and only the store knows it. Rejects if the draft is gone. */
async function save(app, { position: _old, ...changed }) {
  const answered = Object.values(changed.values).filter((texts) => texts.length > 0).length;
  let isThere = false;
  await app.store.update("drafts", changed.id, ({ position }) => {
    isThere = true;
    return { ...changed, answered, position };
  });
  if (!isThere) throw new Error("the draft is gone");
}

async function finish(app, form, id, finished) {
  await freeze(app, await app.store.get("drafts", id), form, finished);
  app.courier.kick();
  app.go(`#/done/${id}`);
}
