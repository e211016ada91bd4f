/** An open interview: saves every tap, and freezes the response when it is finished. */

import { freeze } from "../freezing.js";
import { mountInterview } from "../interview.js";
import { holdVersion } from "../update.js";

export async function interview(app, root, { parts: [id] }) {
  const draft = await app.store.get("drafts", id);
  const form = draft && (await app.home.form(draft.form));
  if (!form) return app.go("#/");
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
      document.body.classList.remove("interview");
    },
  };
}

/** The position may have come meanwhile, and only the store knows it. */
function save(app, { position: _old, ...changed }) {
  const answered = Object.values(changed.values).filter((texts) => texts.length > 0).length;
  return app.store.update("drafts", changed.id, ({ position }) => ({ ...changed, answered, position }));
}

async function finish(app, form, id, finished) {
  await freeze(app, await app.store.get("drafts", id), form, finished);
  app.courier.kick();
  app.go(`#/done/${id}`);
}
