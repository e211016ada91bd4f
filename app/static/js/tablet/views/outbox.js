/** Everything that was finished here, each with its state; export and import as a file. */

import { say } from "../../form.js";
import { shortCode } from "../ids.js";
import { FileFault } from "../outbox.js";
import { copyOf, fillIn, momentOf, slot } from "../pieces.js";
import { showStorage } from "./storage.js";
import { showStrip } from "./strip.js";

const SHOWN = 200;
const RECEIPT_SHOWN = 16;

export async function outboxView(app, root) {
  root.replaceChildren(copyOf("view-outbox"));
  slot(root, "export").addEventListener("click", () => save(app));
  slot(root, "import").addEventListener("change", ({ target }) => take(app, root, target));
  const changed = () => refresh(app, root);
  await changed();
  return { changed };
}

async function refresh(app, root) {
  await showStrip(slot(root, "strip"), app);
  await showStorage(slot(root, "storage"), app.texts);
  const items = (await app.outbox.all()).sort((one, other) => (one.id < other.id ? 1 : -1));
  const lines = await Promise.all(items.slice(0, SHOWN).map((item) => lineOf(app, item)));
  slot(root, "items").replaceChildren(...lines);
}

async function lineOf(app, item) {
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
  const problem = slot(line, "problem");
  problem.hidden = item.problem === null;
  if (item.problem !== null) problem.textContent = language === "en" ? item.problem.title_en : item.problem.title;
  return line;
}

async function save(app) {
  const { project, device } = await app.home.bundle();
  const content = JSON.stringify(await app.outbox.exported(project.slug, device.id));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = `manyi-${project.slug}-${device.label}-${new Date().toISOString().slice(0, 16).replaceAll(":", "")}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function take(app, root, input) {
  const fault = slot(root, "file-fault");
  fault.textContent = "";
  try {
    const { project, device } = await app.home.bundle();
    const own = { project: project.slug, device: device.id };
    const done = await app.outbox.take(await input.files[0].text(), own);
    app.toast(say(app.texts.taken, done));
    app.courier.kick();
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    fault.textContent = app.texts.faults[error.reason];
  }
  input.value = "";
  await refresh(app, root);
}
