/** Whether the browser promised to keep what lies on this tablet; its refusal is said plainly. */

import { say } from "../../form.js";

const MEGABYTE = 1024 * 1024;

export async function showStorage(place, texts) {
  const isKept = (await navigator.storage?.persisted?.()) ?? false;
  place.textContent = isKept ? texts.persisted : texts.not_persisted;
  place.classList.toggle("storage-warning", !isKept);
}

export async function showUsage(place, texts) {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  if (usage === undefined) return;
  const used = (usage / MEGABYTE).toFixed(1);
  place.textContent = say(texts.usage, { used, free: Math.round((quota - usage) / MEGABYTE) });
}
