/** The buttons that read a question aloud; without a voice of the tablet itself there are none. */

import { wordsOf } from "../fields.js";

/** `speaker` is as in speak.js. Returns {begin(signal), stop()}. */
export function readAloud(view, questions, texts, speaker) {
  const language = view.dataset.voice;
  const template = view.querySelector("template[data-speak-button]").content;
  const buttons = new Map(questions.map((question) => [buttonIn(template, question), question]));
  let active = null;

  function label(button, isActive) {
    button.textContent = isActive ? texts.silence : texts.speak;
    button.classList.toggle("speaking", isActive);
  }

  function show() {
    for (const button of buttons.keys()) button.hidden = !speaker.can(language);
  }

  function stop() {
    if (active === null) return;
    label(active, false);
    active = null;
    speaker.stop();
  }

  function toggle(button) {
    const wasActive = active === button;
    stop();
    if (wasActive) return;
    active = button;
    label(button, true);
    speaker.speak(spokenIn(buttons.get(button).element), language, stop);
  }

  return {
    stop,
    begin(signal) {
      for (const button of buttons.keys()) {
        label(button, false);
        button.addEventListener("click", () => toggle(button), { signal });
      }
      speaker.whenVoicesChange(show, signal);
      show();
    },
  };
}

function buttonIn(template, { element }) {
  const button = template.cloneNode(true).querySelector("button");
  element.querySelector("legend").after(button);
  return button;
}

/** The question and its options, each by itself, so that the voice pauses between them. */
function spokenIn(element) {
  const spoken = [...element.querySelectorAll(".question-text, .option-text")].map(wordsOf);
  return spoken.filter((text) => text !== "");
}
