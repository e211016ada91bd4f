/** Registering this tablet, once and with a network: its own token against the evaluator's code. */

import { newToken } from "../ids.js";
import { copyOf, problemText, slot } from "../pieces.js";

const CODE = /^[2-9A-Z]{5}(-[2-9A-Z]{5}){2}$/;
const PENDING = "enrolling";

export async function enrol(app, root, { code }) {
  root.replaceChildren(copyOf("view-enrol"));
  const form = root.querySelector("form");
  if (code !== undefined) form.code.value = code.toUpperCase();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    register(app, root, normal(form.code.value));
  });
}

async function register(app, root, code) {
  const button = root.querySelector("button");
  button.disabled = true;
  const fault = await attempt(app, code);
  button.disabled = false;
  const place = slot(root, "fault");
  place.hidden = fault === null;
  place.textContent = fault ?? "";
}

/** Returns what was wrong, or null and shows the first page. */
async function attempt(app, code) {
  if (!CODE.test(code)) return app.texts.bad_code;
  if ((await app.home.drafts()).length > 0) return app.texts.drafts_open;
  try {
    const token = await tokenFor(app.store, code);
    const device = await app.api.enrol(code, token);
    await app.home.enrolled({ ...device, token });
  } catch (error) {
    return error.problem ? problemText(error.problem, app.language) : app.texts.offline_enrol;
  }
  await app.store.set(PENDING, null);
  navigator.storage?.persist?.();
  // Registered is registered: what cannot be fetched now comes later by itself.
  await app.home.refresh(app.api).catch(() => app.toast(app.texts.enrolled_only));
  app.courier.kick();
  app.go("#/");
  return null;
}

/** The same token at each try with one code: the first answer may have been lost on its way. */
async function tokenFor(store, code) {
  const pending = await store.setting(PENDING);
  if (pending?.code === code) return pending.token;
  const token = newToken(crypto);
  await store.set(PENDING, { code, token });
  return token;
}

function normal(text) {
  const signs = text.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
  return signs.replace(/(.{5})(?=.)/g, "$1-");
}
