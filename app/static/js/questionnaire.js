/** The server's page of an interview: its form, the draft in localStorage, and handing it in. */

import { draftsIn, timeOf } from "./drafts.js";
import { isoWithOffset, say, standing } from "./form.js";
import { InterviewForm } from "./interview_form.js";
import { modeIn } from "./pager.js";

const SAVE_AFTER_MS = 300;
const SENDING_AT_MOST_MS = 10000;

const root = document.querySelector("[data-interview]");
const part = (selector) => document.querySelector(selector);
const hidden = (name) => root.querySelector(`input[type=hidden][name=${name}]`);
const { interview: id, audience, address, name, project, person } = root.dataset;
const language = document.documentElement.lang;
const texts = JSON.parse(root.dataset.texts);
const drafts = draftsIn(window.localStorage);
const loadedAt = performance.now();
const form = new InterviewForm(document.body, {
  ...{ audience, texts, changed },
  mode: modeIn(window.localStorage),
});
let elapsedBefore = 0;
let isDirty = false;
let isSending = false;
let saving = 0;

begin();

function begin() {
  const draft = drafts.read(id);
  elapsedBefore = Number(hidden("elapsed_ms").value) || 0;
  listen();
  form.begin();
  lead(window.location.hash); // A line of the summary may have been tapped before this script ran.
  if ("returned" in root.dataset) returned();
  else if (draft !== null) offer(draft);
  else hidden("started_at").value = isoWithOffset(new Date());
}

function listen() {
  part("main").addEventListener("submit", sent);
  part("main").addEventListener("click", clicked);
  window.addEventListener("beforeunload", warn);
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", save);
  window.addEventListener("pageshow", ({ persisted }) => persisted && askServerAgain());
}

/** The page that came back with complaints holds what was typed; the draft is no newer. */
function returned() {
  isDirty = true;
  window.requestAnimationFrame(() => {
    if (document.activeElement === document.body) part("#error-summary").focus();
  });
}

function offer(draft) {
  const dialog = part(".draft-dialog");
  const said = part(".draft-dialog [data-text]");
  const { answered } = standing(form.questions, draft.values, audience);
  said.textContent = say(said.dataset.text, { n: answered.length, time: timeOf(draft, language) });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "discard") drafts.remove(id);
    else restore(draft);
  });
  dialog.showModal();
}

function restore(draft) {
  hidden("started_at").value = draft.started_at;
  elapsedBefore = draft.elapsed_ms;
  isDirty = true;
  form.restore(draft.values);
}

function changed() {
  isDirty = true;
  window.clearTimeout(saving);
  saving = window.setTimeout(save, SAVE_AFTER_MS);
}

function clicked(event) {
  const link = event.target.closest(".error-summary a");
  if (link !== null && lead(link.hash)) event.preventDefault();
}

/** A line of the summary of faults leads to its question; false if there is none. */
function lead(hash) {
  const target = document.getElementById(hash.slice(1));
  const question = target?.closest("[data-question]");
  if (question) form.open(question.dataset.question, target);
  return Boolean(question);
}

/** Back to this page after handing in: the server knows whether there is a receipt already. */
function askServerAgain() {
  isSending = true;
  window.location.reload();
}

function sent(event) {
  if (event.target !== part("[data-interview] > form")) return;
  if (isSending) {
    event.preventDefault();
    return;
  }
  isSending = true;
  hidden("elapsed_ms").value = String(elapsed());
  hidden("finished_at").value = isoWithOffset(new Date());
  save();
  const button = part("[data-submit]");
  const label = button.textContent;
  button.textContent = texts.sending;
  // If the network gives up, the page stays: it can be sent again, and is stored once.
  window.setTimeout(() => {
    isSending = false;
    button.textContent = label;
  }, SENDING_AT_MOST_MS);
}

function elapsed() {
  return Math.round(elapsedBefore + performance.now() - loadedAt);
}

function save() {
  if (!isDirty) return;
  drafts.write(id, {
    values: form.values(),
    started_at: hidden("started_at").value,
    elapsed_ms: elapsed(),
    saved_at: new Date().toISOString(),
    ...{ address, name, project, person },
  });
}

function warn(event) {
  if (isDirty && !isSending) event.preventDefault();
}
