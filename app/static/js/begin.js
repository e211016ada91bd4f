/** The page where interviews begin: lists this person's drafts on this device. */

import { draftsIn, timeOf } from "./drafts.js";

const drafts = draftsIn(window.localStorage);
const section = document.querySelector("[data-drafts]");
const { project, person } = section.dataset;

show();

function show() {
  const own = drafts.all().filter((draft) => draft.project === project && draft.person === person);
  section.hidden = own.length === 0;
  section.querySelector("ul").replaceChildren(...own.map(line));
}

function line(draft) {
  const item = section.querySelector("template").content.cloneNode(true);
  item.querySelector(".draft-name").textContent = `${draft.name} · ${timeOf(draft, document.documentElement.lang)}`;
  const link = item.querySelector("a");
  if (String(draft.address).startsWith("/projects/")) link.href = draft.address;
  const button = item.querySelector("button");
  button.addEventListener("click", () => {
    if (!window.confirm(button.dataset.confirm)) return;
    drafts.remove(draft.id);
    show();
  });
  return item;
}
