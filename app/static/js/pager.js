/** One question at a time, or the whole form; the choice is remembered on this device. */

import { neighbour } from "./form.js";

const KEY = "manyi:one-at-a-time";

/** `storage` remembers the mode; `changed` is called whenever another question is shown. */
export function pagerOf(root, questions, storage, changed) {
  let isOne = remembered(storage);
  let current = questions[0].code;
  let asked = [];

  function show(code) {
    current = code;
    for (const question of questions) {
      question.element.classList.toggle("current", question.code === code);
    }
    root.toggleAttribute("data-one", isOne);
    changed();
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
      remember(storage, isOne);
      show(current);
    },
  };
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
