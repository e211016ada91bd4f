/** Everything that was finished here, each with its state; export and import as a file. */

import { say } from "../../form.js";
import { shortCode } from "../ids.js";
import { FileFault } from "../outbox.js";
import { copyOf, fillIn, momentOf, problemText, slot } from "../pieces.js";
import { showStorage } from "./storage.js";
import { showStrip } from "./strip.js";

const SHOWN = 200;
const RECEIPT_SHOWN = 16;
const DOWNLOADED_AFTER_MS = 60_000;

export async function outboxView(app, root) {
  root.replaceChildren(copyOf("view-outbox"));
  slot(root, "export").addEventListener("click", () => app.attempt(() => save(app)));
  slot(root, "import").addEventListener("change", ({ target }) => app.attempt(() => take(app, root, target)));
  const changed = () => refresh(app, root);
  await changed();
  return { changed };
}

async function refresh(app, root) {
  await showStrip(slot(root, "strip"), app);
  await showStorage(slot(root, "storage"), app.texts);
  const items = (await app.outbox.all()).sort((one, other) => (one.id < other.id ? 1 : -1));
  const refused = (await app.store.all("visits")).filter((visit) => !visit.received && visit.problem);
  const lines = await Promise.all(items.slice(0, SHOWN).map((item) => lineOf(app, item, root)));
  slot(root, "items").replaceChildren(...refused.map((visit) => visitLine(app, visit)), ...lines);
  await showDiscarded(app, root);
}

async function lineOf(app, item, root) {
  const { texts, language, courier } = app;
  const state = item.state !== "received" && courier.state.sending.includes(item.id) ? "sending" : item.state;
  const line = copyOf("piece-item");
  fillIn(line, {
    code: await shortCode(item.id, crypto),
    state: item.receipt ? texts.statuses[item.receipt.status] : texts.states[state],
    what: item.audience === null ? "" : texts.audiences[item.audience],
    time: momentOf(item.finished_at, language),
    receipt: item.receipt ? say(texts.receipt, { receipt: item.receipt.receipt.slice(0, RECEIPT_SHOWN) }) : "",
  });
  slot(line, "state").classList.add(`state-${state}`);
  showProblem(line, item.problem, language);
  const remove = slot(line, "remove");
  remove.hidden = !(item.relayed && item.state === "attention");
  remove.addEventListener("click", () => app.attempt(() => forget(app, item, root)));
  return line;
}

function visitLine({ texts, language }, { outcome, audience, visited_at, problem }) {
  const line = fillIn(copyOf("piece-item"), {
    ...{ code: texts.outcomes[outcome], state: texts.states.attention, receipt: "" },
    ...{ what: texts.audiences[audience], time: momentOf(visited_at, language) },
  });
  slot(line, "state").classList.add("state-attention");
  showProblem(line, problem, language);
  return line;
}

function showProblem(line, problem, language) {
  const place = slot(line, "problem");
  place.hidden = !problem;
  if (problem) place.textContent = problemText(problem, language);
}

async function forget(app, item, root) {
  if (!window.confirm(app.texts.remove)) return;
  await app.outbox.forget(item);
  await refresh(app, root);
}

async function showDiscarded(app, root) {
  const drafts = await app.home.discarded();
  slot(root, "discarded").hidden = drafts.length === 0;
  const lines = drafts.map((draft) => discardedLine(app, draft, root));
  slot(root, "discarded").querySelector("ul").replaceChildren(...lines);
}

function discardedLine(app, draft, root) {
  const { texts, language } = app;
  const when = { n: draft.answered ?? 0, time: momentOf(draft.saved_at, language) };
  const line = fillIn(copyOf("piece-discarded"), {
    what: `${texts.audiences[draft.audience]} · ${draft.area_name || texts.no_area}`,
    when: say(texts.answered, when),
  });
  const restore = () => app.store.update("drafts", draft.id, ({ discarded_at: _at, ...kept }) => kept);
  slot(line, "restore").addEventListener("click", () =>
    app.attempt(async () => {
      await restore();
      await refresh(app, root);
    }),
  );
  return line;
}

/** One file for each project and tablet whose responses lie here, and how many there are in all. */
async function save(app) {
  const files = (await app.outbox.exported()).filter(({ items, visits }) => items.length + visits.length > 0);
  for (const file of files) download(file);
  const n = files.reduce((sum, { items }) => sum + items.length, 0);
  app.toast(files.length === 0 ? app.texts.nothing_to_export : say(app.texts.exported, { n, files: files.length }));
}

function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
  const stamp = file.exported_at.slice(0, 16).replaceAll(":", "");
  link.download = `manyi-${file.project}-${file.device.slice(0, 8)}-${stamp}.json`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), DOWNLOADED_AFTER_MS);
}

async function take(app, root, input) {
  const [file] = input.files;
  if (file === undefined) return;
  const fault = slot(root, "file-fault");
  fault.textContent = "";
  try {
    const { id, project } = await app.home.device();
    app.toast(say(app.texts.taken, await app.outbox.take(await file.text(), { project, device: id })));
    app.courier.kick();
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    fault.textContent = app.texts.faults[error.reason];
  }
  input.value = "";
  await refresh(app, root);
}
