/** Type size, language, reading aloud, and what this tablet is. */

import { SIZES, typeSizeOf } from "../comfort.js";
import { copyOf, fillIn, slot } from "../pieces.js";
import { speaker } from "../speak.js";
import { showStorage, showUsage } from "./storage.js";

const READ_ALOUD = "zh";

export async function settings(app, root) {
  root.replaceChildren(copyOf("view-settings"));
  showSizes(slot(root, "sizes"), app);
  const closing = new AbortController();
  showVoice(root, closing.signal);
  slot(root, "language").href = document.body.dataset.other;
  await showDevice(app, root);
  await showStorage(slot(root, "persisted"), app.texts);
  await showUsage(slot(root, "usage"), app.texts);
  return { close: () => closing.abort() };
}

function showSizes(place, { settings: choices, texts }) {
  const typeSize = typeSizeOf(document.documentElement, choices);
  const cells = SIZES.map((size) => {
    const cell = fillIn(copyOf("piece-choice"), { name: texts.type_sizes[size] });
    const input = cell.querySelector("input");
    Object.assign(input, { name: "type_size", value: size, checked: size === typeSize.size() });
    input.addEventListener("change", () => typeSize.choose(size));
    return cell;
  });
  place.replaceChildren(...cells);
}

function showVoice(root, signal) {
  const voices = speaker(window.speechSynthesis);
  const show = () => {
    slot(root, "voice-here").hidden = !voices.can(READ_ALOUD);
    slot(root, "voice-none").hidden = voices.can(READ_ALOUD);
  };
  voices.whenVoicesChange(show, signal);
  show();
}

async function showDevice(app, root) {
  const own = await app.home.device();
  const { shell } = await app.home.report();
  fillIn(root, { label: own.label, enumerator: own.enumerator, project: own.project_name, version: shell });
}
