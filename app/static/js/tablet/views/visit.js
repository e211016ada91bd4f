/** A visit that led to no interview: why, where, and whether another household stands in for it. */

import { say } from "../../form.js";
import { newId } from "../ids.js";
import { copyOf, fillIn, slot } from "../pieces.js";
import { recordVisit, showPlaces } from "./begin.js";

export async function visit(app, root) {
  const bundle = await app.home.bundle();
  if (!bundle || bundle.closed) return app.go("#/");
  root.replaceChildren(copyOf("view-visit"));
  const choices = bundle.offered.map(({ audience }) => choiceOf(audience, app.texts.audiences[audience]));
  slot(root, "audiences").replaceChildren(...choices);
  showPlaces(root, bundle, await app.store.setting("last_area"));
  const page = root.querySelector("form");
  const id = newId(crypto); // of this page, so that a second tap makes no second visit
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    const isReplaced = event.submitter?.value === "replace";
    if (check(root, page, bundle)) app.attempt(() => record(app, page, { id, bundle, isReplaced }));
  });
}

function choiceOf(audience, name) {
  const choice = fillIn(copyOf("piece-choice"), { name });
  choice.querySelector("input").value = audience;
  return choice;
}

function check(root, page, bundle) {
  const missing = {
    outcome: page.elements.outcome.value === "",
    audience: page.elements.audience.value === "",
    area: bundle.areas.length > 0 && page.elements.area.value === "",
  };
  for (const text of root.querySelectorAll("[data-fault]")) text.hidden = !missing[text.dataset.fault];
  const first = Object.keys(missing).find((name) => missing[name]);
  if (first !== undefined) root.querySelector(`[name=${first}]`).focus();
  return first === undefined;
}

async function record(app, page, { id, bundle, isReplaced }) {
  const { outcome, audience, area } = Object.fromEntries(new FormData(page));
  const visit = { id, outcome, audience, area: area || null, replaces: null };
  await recordVisit(app, bundle, visit);
  app.toast(say(app.texts.visit_saved, { outcome: app.texts.outcomes[outcome] }));
  const query = new URLSearchParams({ ...(area ? { area } : {}), replaces: id });
  app.go(isReplaced ? `#/begin/${audience}?${query}` : "#/");
}
