/** The page of an interview: joins the form's logic, its fields, the pager and the drafts. */

import { draftsIn, timeOf } from "./drafts.js";
import { fill, isTick, readQuestions, readValues, tick, tickedIn } from "./fields.js";
import { isoWithOffset, say, standing, ticked } from "./form.js";
import { pagerOf } from "./pager.js";

const SAVE_AFTER_MS = 300;
const SENDING_AT_MOST_MS = 10000;

// A form gives its fields as properties, whatever their names; hence the element around it.
const root = document.querySelector("[data-interview]");
const part = (selector) => document.querySelector(selector);
const hidden = (name) => root.querySelector(`input[type=hidden][name=${name}]`);
const { interview: id, audience, address, name, project, person } = root.dataset;
const language = document.documentElement.lang;
const texts = JSON.parse(root.dataset.texts);
const questions = readQuestions(root);
const byCode = new Map(questions.map((question) => [question.code, question]));
const drafts = draftsIn(window.localStorage);
const pager = pagerOf(root, questions, window.localStorage, showButtons);
const loadedAt = performance.now();
let elapsedBefore = 0;
let isDirty = false;
let isSending = false;
let saving = 0;
let now = standing(questions, readValues(root), audience);

begin();

function begin() {
  const draft = drafts.read(id);
  document.documentElement.classList.add("scripted");
  root.classList.add("scripted");
  for (const element of document.querySelectorAll(".form-progress, [data-mode-switch]")) {
    element.hidden = false;
  }
  elapsedBefore = Number(hidden("elapsed_ms").value) || 0;
  listen();
  if ("returned" in root.dataset) returned();
  else if (draft !== null) offer(draft);
  else hidden("started_at").value = isoWithOffset(new Date());
  refresh();
  pager.show(firstToShow());
}

function listen() {
  const list = part(".question-list");
  list.addEventListener("change", changed);
  list.addEventListener("input", changed);
  list.addEventListener("keydown", keepEnter);
  part("main").addEventListener("submit", sent);
  part("main").addEventListener("click", clicked);
  part("[data-mode-switch]").addEventListener("click", () => pager.toggle());
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
  const { answered } = standing(questions, draft.values, audience);
  said.textContent = say(said.dataset.text, { n: answered.length, time: timeOf(draft, language) });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "discard") drafts.remove(id);
    else restore(draft);
  });
  dialog.showModal();
}

function restore(draft) {
  fill(root, draft.values);
  hidden("started_at").value = draft.started_at;
  elapsedBefore = draft.elapsed_ms;
  isDirty = true;
  refresh();
  pager.show(firstToShow());
}

function firstToShow() {
  const faulty = part(".question.has-error, .question:has(.note .question-error)");
  const code = faulty?.dataset.question;
  return code ?? now.asked.find((asked) => !now.answered.includes(asked)) ?? now.asked[0];
}

function changed({ target, type }) {
  const question = byCode.get(target.closest("[data-question]").dataset.question);
  if (type === "change" && isTick(target) && target.type === "checkbox") tapped(question, target);
  if (type === "input" && target.name === question.code && !isTick(target)) tick(question, []);
  if (type === "input" && isTick(target)) return;
  isDirty = true;
  refresh();
  window.clearTimeout(saving);
  saving = window.setTimeout(save, SAVE_AFTER_MS);
}

function tapped(question, box) {
  const before = tickedIn(question).map(({ value }) => value);
  const { chosen, refused } = ticked(question, before, box.value, box.checked);
  tick(question, chosen);
  sayBeside(question, refused ? say(texts.too_many, { k: question.limits.at_most }) : "");
  const typed = question.element.querySelector(".number-field");
  if (typed !== null && chosen.length > 0) typed.value = "";
}

/** A radio button cannot be unticked, yet a question that is not required can be left blank. */
function clear(question) {
  tick(question, []);
  isDirty = true;
  refresh();
  save();
  question.element.focus({ preventScroll: true });
}

function sayBeside(question, text) {
  question.element.querySelector(".question-message").textContent = text;
}

/** Enter in a line of text would hand in the whole form. */
function keepEnter(event) {
  if (event.key === "Enter" && event.target.matches("input:not([type=radio], [type=checkbox])")) {
    event.preventDefault();
    event.target.blur();
  }
}

function refresh() {
  now = standing(questions, readValues(root), audience);
  for (const question of questions) {
    question.element.hidden = !now.asked.includes(question.code);
    const isAnswered = now.answered.includes(question.code);
    if (isAnswered) remind(question, false);
    for (const button of question.element.querySelectorAll("[data-clear]")) {
      button.hidden = !isAnswered;
    }
  }
  pager.setAsked(now.asked);
  showProgress();
  showButtons();
}

function showProgress() {
  const [answered, asked] = [now.answered.length, now.asked.length];
  const bar = part(".form-progress progress");
  bar.max = asked;
  bar.value = answered;
  const isWhole = answered === asked;
  const line = part(".form-progress p");
  const text = say(isWhole ? texts.all_answered : texts.progress, { answered, asked });
  if (line.textContent !== text) line.textContent = text;
}

function showButtons() {
  const isOne = pager.isOne();
  const open = now.asked.filter((code) => !now.answered.includes(code));
  const switcher = part("[data-mode-switch]");
  switcher.textContent = switcher.dataset[isOne ? "textWhole" : "textOne"];
  part('[data-step="-1"]').hidden = !isOne;
  part('[data-step="-1"]').disabled = pager.isFirst();
  part('[data-step="1"]').hidden = !isOne || pager.isLast();
  part("[data-unanswered]").hidden = open.length === 0 || (isOne && !pager.isLast());
  part("[data-submit]").hidden = isOne && !pager.isLast();
}

function clicked(event) {
  const button = event.target.closest("button, a");
  if (button === null) return;
  if ("clear" in button.dataset) clear(byCode.get(button.dataset.clear));
  if ("step" in button.dataset) step(Number(button.dataset.step));
  if ("unanswered" in button.dataset) {
    open(now.asked.find((code) => !now.answered.includes(code)));
  }
  if (button.matches(".error-summary a")) {
    const target = document.getElementById(button.hash.slice(1));
    const question = target?.closest("[data-question]");
    if (!question) return;
    event.preventDefault();
    open(question.dataset.question, target);
  }
}

/** Back to this page after handing in: the server knows whether there is a receipt already. */
function askServerAgain() {
  isSending = true;
  window.location.reload();
}

/** Past an unanswered question only at the second tap, so that none is passed by accident. */
function step(by) {
  const question = byCode.get(pager.current());
  const isOpen = question.limits.required && !now.answered.includes(question.code);
  if (by > 0 && isOpen && !question.element.classList.contains("unanswered")) {
    remind(question, true);
    return;
  }
  pager.step(by);
  open(pager.current());
}

function remind(question, isOpen) {
  if (question.element.classList.contains("unanswered") === isOpen) return;
  question.element.classList.toggle("unanswered", isOpen);
  sayBeside(question, isOpen ? texts.unanswered : "");
}

function open(code, target = byCode.get(code).element) {
  pager.show(code);
  byCode.get(code).element.scrollIntoView({ block: "start", behavior: "instant" });
  target.focus({ preventScroll: true });
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
  const values = readValues(root);
  drafts.write(id, {
    values,
    started_at: hidden("started_at").value,
    elapsed_ms: elapsed(),
    saved_at: new Date().toISOString(),
    ...{ address, name, project, person },
  });
}

function warn(event) {
  if (isDirty && !isSending) event.preventDefault();
}
