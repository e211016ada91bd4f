/** Consent, place and the start of an interview. */

import { isoWithOffset, say } from "../../form.js";
import { newId } from "../ids.js";
import { areaOptions, copyOf, slot } from "../pieces.js";

const POSITION_AT_MOST_MS = 20_000;

export async function begin(app, root, { parts: [audience], query }) {
  const bundle = await app.home.bundle();
  const offered = bundle?.offered.find((one) => one.audience === audience);
  if (offered === undefined) return app.go("#/");
  const form = await app.home.form(offered.key);
  root.replaceChildren(copyOf("view-begin"));
  slot(root, "audience").textContent = app.texts.audiences[audience];
  showConsent(slot(root, "consent"), form);
  showPlaces(root, bundle, query.get("area") ?? (await app.store.setting("last_area")));
  slot(root, "position").hidden = !bundle.project.asks_position;
  const replaces = await showReplaced(app, root, query.get("replaces"));
  const page = root.querySelector("form");
  // One id for whatever comes of this page, so that a second tap makes no second draft or visit.
  const begun = { id: newId(crypto), bundle, form, audience, replaces };
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    if (check(root, page, bundle)) app.attempt(() => start(app, page, begun));
  });
  slot(root, "decline").addEventListener("click", () => app.attempt(() => declined(app, page, begun)));
}

function showConsent(place, { consent, language }) {
  place.lang = language;
  const lines = consent.text.split("\n").filter((line) => line.trim() !== "");
  place.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
}

export function showPlaces(root, bundle, chosen) {
  slot(root, "place").hidden = bundle.areas.length === 0;
  const select = root.querySelector("#area");
  select.append(...areaOptions(bundle.areas));
  if (bundle.areas.some(({ code }) => code === chosen)) select.value = chosen;
}

async function showReplaced(app, root, id) {
  const visit = id === null ? undefined : await app.store.get("visits", id);
  if (visit === undefined) return null;
  const note = slot(root, "replacing");
  note.hidden = false;
  note.textContent = say(app.texts.replacing, { outcome: app.texts.outcomes[visit.outcome] });
  return id;
}

function check(root, page, bundle) {
  const faults = [];
  if (bundle.areas.length > 0 && page.area.value === "") faults.push("area");
  if (!page.agrees.checked) faults.push("agrees");
  showFaults(root, faults);
  return faults.length === 0;
}

function showFaults(root, faults) {
  const box = slot(root, "faults");
  box.hidden = faults.length === 0;
  const lines = [];
  for (const text of root.querySelectorAll("[data-fault]")) {
    const name = text.dataset.fault;
    text.hidden = !faults.includes(name);
    root.querySelector(`#${name}`).toggleAttribute("aria-invalid", !text.hidden);
    if (!text.hidden) lines.push(faultLine(name, text.textContent));
  }
  box.querySelector("ul").replaceChildren(...lines);
  if (lines.length > 0) box.focus();
}

/** A button, for a link would change the address and with it the view. */
function faultLine(name, text) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  button.className = "fault-button";
  button.addEventListener("click", () => document.getElementById(name).focus());
  item.append(button);
  return item;
}

async function start(app, page, { id, bundle, form, replaces }) {
  const draft = {
    id,
    form: form.key,
    device: bundle.device.id,
    project: bundle.project.slug,
    audience: form.audience,
    ...placeOf(page, bundle),
    consent: { version: form.consent.version, given: true },
    practice: bundle.project.practice,
    position: null,
    replaces,
    values: {},
    started_at: isoWithOffset(new Date()),
    elapsed_ms: 0,
    saved_at: new Date().toISOString(),
  };
  // The form too: a newer version may have taken its place since this page was opened.
  await app.store.write(
    ["drafts", "put", draft],
    ["forms", "put", form],
    ["settings", "put", draft.area, "last_area"],
  );
  if (bundle.project.asks_position && page.position.checked) locate(app.store, draft.id);
  app.go(`#/interview/${draft.id}`);
}

function placeOf(page, bundle) {
  const area = bundle.areas.find(({ code }) => code === page.area.value);
  return { area: area?.code ?? null, area_name: area?.name ?? "" };
}

/** Written to the draft when the tablet knows; an interview never waits for it. */
function locate(store, id) {
  const found = ({ coords: { latitude, longitude, accuracy } }) =>
    store.update("drafts", id, (draft) => ({
      ...draft,
      position: { latitude, longitude, accuracy_m: Math.round(accuracy) },
    }));
  const options = { enableHighAccuracy: true, timeout: POSITION_AT_MOST_MS, maximumAge: 60_000 };
  navigator.geolocation?.getCurrentPosition(found, () => {}, options);
}

/** 拒访: nothing of the person is kept, only that the visit had this outcome. */
async function declined(app, page, { id, bundle, audience, replaces }) {
  const place = placeOf(page, bundle);
  await recordVisit(app, bundle, { id, ...place, audience, outcome: "refused", replaces });
  app.toast(say(app.texts.visit_saved, { outcome: app.texts.outcomes.refused }));
  app.go("#/");
}

/** Stores a visit that led to no response. */
export async function recordVisit(app, bundle, { id, area, audience, outcome, replaces }) {
  const visit = {
    ...{ id, project: bundle.project.slug, device: bundle.device.id, received: false },
    ...{ area, audience, outcome, replaces, response_id: null, practice: bundle.project.practice },
    visited_at: isoWithOffset(new Date()),
  };
  await app.store.write(["visits", "put", visit]);
  app.courier.kick();
}
