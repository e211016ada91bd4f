/** Reading and filling the fields of a questionnaire on the page. */

/** The questions as form.js wants them, each with its fieldset as `element`. */
export function readQuestions(root) {
  return [...root.querySelectorAll("[data-question]")].map((element) => ({
    element,
    code: element.dataset.question,
    number: Number(element.dataset.number),
    kind: element.dataset.kind,
    asked_if: JSON.parse(element.dataset.askedIf),
    audiences: JSON.parse(element.dataset.audiences),
    limits: JSON.parse(element.dataset.limits),
    options: [...element.querySelectorAll(".option input")].map(readOption),
  }));
}

function readOption(input) {
  const cell = input.closest(".option-cell");
  return {
    code: input.value,
    alone: "alone" in input.dataset,
    note: cell.querySelector("[data-note]") !== null,
    text: wordsOf(cell.querySelector(".option-text")),
  };
}

/** The words of a question or option, without its letter and the remarks of the paper form. */
export function wordsOf(element) {
  const copy = element.cloneNode(true);
  for (const aside of copy.querySelectorAll(".option-code, .option-printed")) aside.remove();
  return copy.textContent.trim();
}

/** Texts by field name: of every ticked option and of every input, also of hidden questions. */
export function readValues(root) {
  const values = {};
  for (const input of inputs(root)) {
    if (!Object.hasOwn(values, input.name)) values[input.name] = [];
    if (isTicked(input) || (!isTick(input) && input.value !== "")) {
      values[input.name].push(input.value);
    }
  }
  return values;
}

export function fill(root, values) {
  const left = Object.assign(Object.create(null), structuredClone(values));
  for (const input of inputs(root).filter(isTick)) {
    const texts = left[input.name] ?? [];
    input.checked = texts.includes(input.value);
    if (input.checked) left[input.name] = texts.filter((text) => text !== input.value);
  }
  for (const input of inputs(root).filter((one) => !isTick(one))) {
    input.value = left[input.name]?.[0] ?? "";
  }
}

export function tick(question, chosen) {
  for (const input of question.element.querySelectorAll(".option input")) {
    input.checked = chosen.includes(input.value);
  }
}

export function tickedIn(question) {
  return [...question.element.querySelectorAll(".option input")].filter(isTicked);
}

export function isTick(input) {
  return input.type === "radio" || input.type === "checkbox";
}

/** Only the fields of questions; the token and the hidden ones are nobody's answer. */
function inputs(root) {
  return [...root.querySelectorAll("[data-question] :is(input, textarea)")];
}

function isTicked(input) {
  return isTick(input) && input.checked;
}
