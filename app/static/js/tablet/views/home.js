/** The first page: what is unsent, open drafts, the assignments with their progress. */

import { say } from "../../form.js";
import { doneHere } from "../device.js";
import { copyOf, fillIn, momentOf, slot } from "../pieces.js";
import { draftLock } from "../update.js";
import { showStrip } from "./strip.js";

export async function home(app, root) {
  root.replaceChildren(copyOf("view-home"));
  const changed = () => refresh(app, root);
  await changed();
  app.updates?.look();
  return { changed };
}

async function refresh(app, root) {
  const bundle = await app.home.bundle();
  slot(root, "project").textContent = bundle?.project.name ?? "";
  const closed = slot(root, "closed");
  closed.hidden = !bundle?.closed;
  if (bundle?.closed) closed.textContent = app.texts.revoked;
  slot(root, "starting").hidden = Boolean(bundle?.closed);
  slot(root, "visit-link").hidden = Boolean(bundle?.closed);
  await showStrip(slot(root, "strip"), app);
  await showDrafts(app, slot(root, "drafts"), () => refresh(app, root));
  await showAssignments(app, slot(root, "assigned"), bundle);
  showAudiences(app, slot(root, "starting"), bundle);
}

async function showDrafts(app, section, changed) {
  const drafts = await app.home.drafts();
  section.hidden = drafts.length === 0;
  section.querySelector("ul").replaceChildren(...drafts.map((draft) => draftLine(app, draft, changed)));
}

function draftLine(app, draft, changed) {
  const line = copyOf("piece-draft");
  const when = { n: draft.answered ?? 0, time: momentOf(draft.saved_at, app.language) };
  fillIn(line, {
    what: `${app.texts.audiences[draft.audience]} · ${draft.area_name || app.texts.no_area}`,
    when: say(app.texts.answered, when),
  });
  slot(line, "go").href = `#/interview/${draft.id}`;
  slot(line, "discard").addEventListener("click", () => app.attempt(() => discard(app, draft, changed)));
  return line;
}

/** Kept for as long as a sent response, for a finger slips. */
async function discard(app, { id }, changed) {
  if (!window.confirm(app.texts.discard)) return;
  const release = await draftLock(navigator.locks, id);
  if (release === null) return app.toast(app.texts.elsewhere);
  await app.store.update("drafts", id, (draft) => ({ ...draft, discarded_at: app.api.now() }));
  release();
  app.courier.kick();
  await changed();
}

async function showAssignments(app, section, bundle) {
  const assignments = bundle?.assignments ?? [];
  const items = await app.outbox.all();
  section.hidden = assignments.length === 0;
  const lines = assignments.map((one) => assignmentLine(app, one, one.done + doneHere(items, one, bundle)));
  section.querySelector("ul").replaceChildren(...lines);
}

function assignmentLine(app, { area, area_name, audience, quantity }, count) {
  const line = copyOf("piece-assignment");
  fillIn(line, {
    area: area_name,
    audience: app.texts.audiences[audience],
    count: say(app.texts.of_planned, { done: count, quantity }),
  });
  const bar = slot(line, "bar");
  bar.max = quantity;
  bar.value = Math.min(count, quantity);
  const over = slot(line, "over");
  over.hidden = count <= quantity;
  over.textContent = say(app.texts.over, { n: count - quantity });
  slot(line, "go").href = `#/begin/${audience}?${new URLSearchParams({ area })}`;
  return line;
}

function showAudiences(app, section, bundle) {
  const offered = bundle?.offered ?? [];
  slot(section, "no-forms").hidden = offered.length > 0;
  const lines = offered.map(({ audience, title }) => {
    const line = fillIn(copyOf("piece-audience"), { name: app.texts.audiences[audience], title });
    slot(line, "go").href = `#/begin/${audience}`;
    return line;
  });
  section.querySelector("ul").replaceChildren(...lines);
}
