/** The strip that says what is still on this tablet, with the button that sends it now. */

import { say } from "../../form.js";
import { isUnsent } from "../outbox.js";
import { copyOf, fillIn, momentOf, slot } from "../pieces.js";

export async function showStrip(place, app) {
  if (place.childElementCount === 0) {
    place.replaceChildren(copyOf("piece-strip"));
    slot(place, "send").addEventListener("click", app.courier.kick);
  }
  const items = await app.outbox.all();
  const unsent = items.filter(isUnsent);
  const { isBusy } = app.courier.state;
  place.classList.toggle("has-unsent", unsent.length > 0);
  fillIn(place, { line: line(items, unsent, app), detail: detail(unsent, app) });
  slot(place, "send").hidden = unsent.length === 0;
  slot(place, "send").disabled = isBusy;
}

function line(items, unsent, { texts, language }) {
  if (items.length === 0) return texts.nothing_yet;
  if (unsent.length === 0) return texts.all_sent;
  const oldest = unsent.map(({ finished_at }) => finished_at).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  return say(texts.unsent, { n: unsent.length, time: momentOf(oldest, language) });
}

function detail(unsent, { texts, language, courier: { state } }) {
  const attention = unsent.filter((item) => item.state === "attention").length;
  if (state.sending.length > 0) return texts.sending;
  if (state.problem !== null) return trouble(state.problem, texts, language);
  return attention > 0 ? say(texts.attention, { n: attention }) : "";
}

function trouble(error, texts, language) {
  if (error.status === 401) return texts.wrong_token;
  if (error.problem) {
    const text = language === "en" ? error.problem.title_en : error.problem.title;
    return text ?? say(texts.server_trouble, { code: error.problem.code });
  }
  return texts.unreachable;
}
