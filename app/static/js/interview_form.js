/**
 * What happens in the form of an interview, on the server's page and on the tablet alike: skip
 * rules, ticking, progress, going from question to question, reminding, clearing.
 *
 * Where answers are kept and what becomes of them is the business of whoever makes one.
 */

import { fill, isTick, readQuestions, readValues, tick, tickedIn } from "./fields.js";
import { finalised, say, standing, ticked } from "./form.js";
import { pagerOf } from "./pager.js";

export class InterviewForm {
  #audience;
  #texts;
  #changed;
  #root;
  #byCode;
  #pager;
  #now;

  /**
   * `scope` is the element around the questionnaire and its buttons. `mode` is as in pager.js,
   * `changed({isTyping})` is called after every change of an answer, `shown(code)` whenever another
   * question is shown.
   */
  constructor(scope, { audience, texts, mode, changed, shown = () => {} }) {
    this.scope = scope;
    this.#audience = audience;
    this.#texts = texts;
    this.#changed = changed;
    // A form gives its fields as properties, whatever their names; hence the element around it.
    this.#root = this.part(".questionnaire");
    this.questions = readQuestions(this.#root);
    this.#byCode = new Map(this.questions.map((question) => [question.code, question]));
    this.#now = standing(this.questions, this.values(), audience);
    this.#pager = pagerOf(this.#root, this.questions, mode, (code) => {
      this.#showButtons();
      shown(code);
    });
  }

  begin(signal) {
    document.documentElement.classList.add("scripted");
    this.#root.classList.add("scripted");
    for (const element of this.scope.querySelectorAll(".form-progress, [data-mode-switch]")) {
      element.hidden = false;
    }
    const list = this.part(".question-list");
    list.addEventListener("change", (event) => this.#edited(event), { signal });
    list.addEventListener("input", (event) => this.#edited(event), { signal });
    list.addEventListener("keydown", keepEnter, { signal });
    this.scope.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.show();
  }

  part(selector) {
    return this.scope.querySelector(selector);
  }

  question(code) {
    return this.#byCode.get(code);
  }

  current() {
    return this.#pager.current();
  }

  values() {
    return readValues(this.#root);
  }

  restore(values) {
    fill(this.#root, values);
    this.show();
  }

  /** Brings the page up to date and shows the first question that wants attention. */
  show() {
    this.#refresh();
    this.#pager.show(this.#firstToShow());
  }

  finalised() {
    return finalised(this.questions, this.values(), this.#audience);
  }

  counts() {
    return { answered: this.#now.answered.length, asked: this.#now.asked.length };
  }

  /** Shows a question, and puts the focus on `target` within it. */
  open(code, target = this.question(code).element) {
    this.#pager.show(code);
    this.question(code).element.scrollIntoView({ block: "start", behavior: "instant" });
    target.focus({ preventScroll: true });
  }

  /** Says beside the question what keeps it open; empty if nothing does. */
  remind(question, text) {
    question.element.classList.toggle("reminded", text !== "");
    sayBeside(question, text);
  }

  /** What is wrong with the answer that is given; empty if it is right or blank. */
  faultOf(question) {
    if (!this.finalised().wrong.includes(question.code)) return "";
    const blank = question.options.find((option) => option.note && this.#lacksNote(question, option));
    if (blank === undefined) return question.element.dataset.wrong ?? this.#texts.wrong ?? this.#texts.unanswered;
    return say(this.#texts.note_missing ?? this.#texts.unanswered, { option: blank.text });
  }

  #lacksNote({ code, element }, option) {
    const isChosen = element.querySelector(`.option input[value="${option.code}"]`).checked;
    return isChosen && element.querySelector(`[name="${code}_${option.code}_note"]`).value.trim() === "";
  }

  #firstToShow() {
    const faulty = this.part(".question.has-error, .question:has(.note .question-error)");
    const { asked, answered } = this.#now;
    return faulty?.dataset.question ?? asked.find((code) => !answered.includes(code)) ?? asked[0];
  }

  #edited({ target, type }) {
    const question = this.question(target.closest("[data-question]").dataset.question);
    if (type === "change" && isTick(target) && target.type === "checkbox") this.#tapped(question, target);
    if (type === "input" && target.name === question.code && !isTick(target)) tick(question, []);
    if (type === "input" && isTick(target)) return;
    this.#refresh();
    this.#mark(question, type === "change");
    this.#changed({ isTyping: type === "input" });
  }

  #tapped(question, box) {
    const before = tickedIn(question).map(({ value }) => value);
    const { chosen, refused } = ticked(question, before, box.value, box.checked);
    tick(question, chosen);
    sayBeside(question, refused ? say(this.#texts.too_many, { k: question.limits.at_most }) : "");
    const typed = question.element.querySelector(".number-field");
    if (typed !== null && chosen.length > 0) typed.value = "";
  }

  /** A wrong value gets a red frame once it is typed to its end; a text would move the page. */
  #mark(question, isAtItsEnd) {
    const field = question.element.querySelector(`[name="${question.code}"]:not([type=radio], [type=checkbox])`);
    if (field === null) return;
    const isWrong = this.finalised().wrong.includes(question.code);
    if (!isWrong) field.removeAttribute("aria-invalid");
    else if (isAtItsEnd) field.setAttribute("aria-invalid", "true");
  }

  /** A radio button cannot be unticked, yet a question that is not required can be left blank. */
  #clear(question) {
    tick(question, []);
    this.#refresh();
    this.#changed({ isTyping: false });
    question.element.focus({ preventScroll: true });
  }

  #refresh() {
    this.#now = standing(this.questions, this.values(), this.#audience);
    for (const question of this.questions) {
      question.element.hidden = !this.#now.asked.includes(question.code);
      const isAnswered = this.#now.answered.includes(question.code);
      const isReminded = question.element.classList.contains("reminded");
      if (isAnswered && isReminded && this.faultOf(question) === "") this.remind(question, "");
      for (const button of question.element.querySelectorAll("[data-clear]")) {
        button.hidden = !isAnswered;
      }
    }
    this.#pager.setAsked(this.#now.asked);
    this.#showProgress();
    this.#showButtons();
  }

  #showProgress() {
    const { answered, asked } = this.counts();
    const bar = this.part(".form-progress progress");
    bar.max = asked;
    bar.value = answered;
    const line = this.part(".form-progress p");
    const text = say(answered === asked ? this.#texts.all_answered : this.#texts.progress, { answered, asked });
    if (line.textContent !== text) line.textContent = text;
  }

  #showButtons() {
    const isOne = this.#pager.isOne();
    const isLast = this.#pager.isLast();
    const { answered, asked } = this.counts();
    const switcher = this.part("[data-mode-switch]");
    switcher.textContent = switcher.dataset[isOne ? "textWhole" : "textOne"];
    this.part('[data-step="-1"]').hidden = !isOne;
    this.part('[data-step="-1"]').disabled = this.#pager.isFirst();
    this.part('[data-step="1"]').hidden = !isOne || isLast;
    this.part("[data-unanswered]").hidden = answered === asked || (isOne && !isLast);
    this.part("[data-submit]").hidden = isOne && !isLast;
  }

  #clicked({ target }) {
    const button = target.closest("button");
    if (button === null) return;
    if ("modeSwitch" in button.dataset) this.#pager.toggle();
    if ("clear" in button.dataset) this.#clear(this.question(button.dataset.clear));
    if ("step" in button.dataset) this.#step(Number(button.dataset.step));
    if ("unanswered" in button.dataset) {
      this.open(this.#now.asked.find((code) => !this.#now.answered.includes(code)));
    }
  }

  /** Past an open question only at the second tap, so that none is passed by accident. */
  #step(by) {
    const question = this.question(this.current());
    const isReminded = question.element.classList.contains("reminded");
    const reason = by > 0 && !isReminded ? this.#reasonToStay(question) : "";
    if (reason !== "") {
      this.remind(question, reason);
      return;
    }
    this.#pager.step(by);
    this.open(this.current());
  }

  #reasonToStay(question) {
    const fault = this.faultOf(question);
    if (fault !== "" && this.#texts.pass_wrong) return say(this.#texts.pass_wrong, { fault });
    const isOpen = question.limits.required && !this.#now.answered.includes(question.code);
    return isOpen ? this.#texts.unanswered : "";
  }
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
