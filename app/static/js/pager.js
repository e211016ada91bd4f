/** One question at a time, or the whole form. */

import { neighbour } from "./form.js";

const KEY = "manyi:one-at-a-time";

/**
 * `mode` is {isOne, remember(isOne)}; `changed` is told the code whenever a question is shown.
 */
export function pagerOf(root, questions, mode, changed) {
  let isOne = mode.isOne;
  let current = questions[0].code;
  let asked = [];

  function show(code) {
    current = code;
    for (const question of questions) {
      question.element.classList.toggle("current", question.code === code);
    }
    root.toggleAttribute("data-one", isOne);
    changed(code);
  }

  return {
    isOne: () => isOne,
    current: () => current,
    isFirst: () => neighbour(questions, asked, current, -1) === current,
    isLast: () => neighbour(questions, asked, current, 1) === current,
    step: (by) => show(neighbour(questions, asked, current, by)),
    show,
    setAsked(codes) {
      asked = codes;
      if (!asked.includes(current)) show(neighbour(questions, asked, current, -1));
    },
    toggle() {
      isOne = !isOne;
      mode.remember(isOne);
      show(current);
    },
  };
}

/** The mode as a storage of the browser remembers it. */
export function modeIn(storage) {
  return { isOne: remembered(storage), remember: (isOne) => remember(storage, isOne) };
}

function remembered(storage) {
  try {
    return storage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

function remember(storage, isOne) {
  try {
    storage.setItem(KEY, isOne ? "yes" : "no");
  } catch {
    // A device that forbids storing shows the whole form next time; nothing else is lost.
  }
}
