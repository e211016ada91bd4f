/** The list before finishing: what is wrong, what is missing, and what may stay blank. */

import { say } from "../form.js";

/** By group (wrong, required, optional) the questions that are not in order. */
export function openIn(questions, { blanks, wrong }) {
  const isBlank = ({ code }) => blanks.includes(code);
  return {
    wrong: questions.filter(({ code }) => wrong.includes(code)),
    required: questions.filter((question) => isBlank(question) && question.limits.required),
    optional: questions.filter((question) => isBlank(question) && !question.limits.required),
  };
}

/** `open` is what `openIn` found; `reasonOf` says what is wrong with a question's answer. */
export function showSummary(section, open, texts, reasonOf) {
  const line = section.querySelector("template[data-line]").content;
  for (const [group, questions] of Object.entries(open)) {
    const place = section.querySelector(`[data-group="${group}"]`);
    const reason = group === "wrong" ? reasonOf : () => "";
    place.hidden = questions.length === 0;
    place.querySelector("ul").replaceChildren(
      ...questions.map((question) => lineOf(line.cloneNode(true), question, texts, reason(question))),
    );
  }
  const n = open.wrong.length + open.required.length;
  section.querySelector("[data-told]").textContent = told(n, open.optional.length, texts);
  section.querySelector('[data-finish="whole"]').hidden = n > 0;
  section.querySelector('[data-finish="open"]').hidden = n === 0;
}

function told(n, optional, texts) {
  if (n > 0) return say(texts.summary_open, { n });
  return optional > 0 ? texts.summary_optional : texts.summary_whole;
}

function lineOf(line, { code, number, element }, texts, reason) {
  line.querySelector("button").dataset.open = code;
  line.querySelector(".summary-number").textContent = say(texts.question, { n: number });
  line.querySelector(".summary-text").textContent = element.querySelector(".question-text").textContent;
  line.querySelector(".summary-reason").textContent = reason;
  return line;
}
