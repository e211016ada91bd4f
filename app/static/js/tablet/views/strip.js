/** The strip that says what is still on this tablet, with the button that sends it now. */

import { say } from "../../form.js";
import { isUnsentVisit } from "../device.js";
import { isUnsent, oldestOf } from "../outbox.js";
import { copyOf, fillIn, momentOf, problemText, slot } from "../pieces.js";

export async function showStrip(place, app) {
  if (place.childElementCount === 0) {
    place.replaceChildren(copyOf("piece-strip"));
    slot(place, "send").addEventListener("click", app.courier.kick);
  }
  const items = await app.outbox.all();
  const held = {
    isNew: items.length === 0,
    responses: items.filter(isUnsent),
    visits: (await app.store.all("visits")).filter(isUnsentVisit),
  };
  const count = held.responses.length + held.visits.length;
  place.classList.toggle("has-unsent", count > 0);
  fillIn(place, { line: line(held, app), detail: detail(held, app) });
  slot(place, "send").hidden = count === 0;
  slot(place, "send").disabled = app.courier.state.isBusy;
}

function line({ isNew, responses, visits }, { texts, language }) {
  if (responses.length > 0) {
    const time = momentOf(oldestOf(responses), language);
    return say(texts.unsent, { n: responses.length, time });
  }
  if (visits.length > 0) return say(texts.unsent_visits, { n: visits.length });
  return isNew ? texts.nothing_yet : texts.all_sent;
}

function detail({ responses, visits }, { texts, language, courier: { state } }) {
  const kept = [...responses, ...visits].filter(({ problem }) => problem);
  if (state.sending.length > 0) return texts.sending;
  if (state.problem !== null) return trouble(state.problem, texts, language);
  return kept.length > 0 ? say(texts.attention, { n: kept.length }) : "";
}

function trouble(error, texts, language) {
  if (error.status === 401) return texts.wrong_token;
  if (error.problem) {
    return problemText(error.problem, language) ?? say(texts.server_trouble, { code: error.problem.code });
  }
  return texts.unreachable;
}
