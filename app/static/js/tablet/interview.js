/** An interview on the tablet: a form of the bundle, its draft saved at every tap, and its end. */

import { isoWithOffset } from "../form.js";
import { InterviewForm } from "../interview_form.js";
import { typeSizeOf } from "./comfort.js";
import { readAloud } from "./reading.js";
import { speaker } from "./speak.js";
import { openIn, showSummary } from "./summary.js";

const SAVE_AFTER_MS = 300;
const LOOK_AT_LEAST_MS = 500;

/**
 * Shows `form` (of the bundle) in `container` with the answers of `draft` and returns {close()}.
 *
 * `save(draft)` is called at every tap, shortly after typing and when the page is left;
 * `finish({answers, started_at, finished_at, elapsed_ms})` once, after the summary; `leave()` when
 * the enumerator goes away. All three may be slow and may fail; then the interview goes on.
 * `settings` is {get(name), set(name, value)} and answers at once.
 */
export function mountInterview(container, handed) {
  const interview = new Interview(container, handed);
  interview.begin();
  return { close: () => interview.close() };
}

class Interview {
  #ended = new AbortController();
  #mountedAt = performance.now();
  #waiting = 0;
  #saving = Promise.resolve(true);
  #isFinishing = false;
  #isOver = false;
  #mayLeaveUnsaved = false;

  constructor(container, { form, draft, language, save, finish, leave, settings }) {
    container.innerHTML = form.html[language];
    this.view = container.querySelector(".tablet-interview");
    this.texts = JSON.parse(this.view.dataset.texts);
    Object.assign(this, { draft, handed: { save, finish, leave } });
    this.typeSize = typeSizeOf(document.documentElement, settings);
    this.form = new InterviewForm(this.view, {
      audience: draft.audience,
      texts: this.texts,
      mode: modeIn(settings),
      changed: ({ isTyping }) => this.#changed(isTyping),
      shown: () => this.reading?.stop(),
    });
    this.reading = readAloud(this.view, this.form.questions, this.texts, speaker(window.speechSynthesis));
  }

  begin() {
    const { signal } = this.#ended;
    this.part("[data-area]").textContent = this.draft.area_name ?? "";
    this.#nameSize(this.typeSize.apply());
    this.form.begin(signal);
    this.form.restore(this.draft.values ?? {});
    this.reading.begin(signal);
    this.view.addEventListener("click", ({ target }) => this.#clicked(target.closest("button")), { signal });
    window.addEventListener("pagehide", () => this.#save(), { signal });
    document.addEventListener("visibilitychange", () => this.#save(), { signal });
  }

  /** What was typed a moment ago is still saved. */
  close() {
    if (this.#waiting !== 0) this.#save();
    this.#isOver = true;
    this.#ended.abort();
    this.reading.stop();
  }

  part(selector) {
    return this.view.querySelector(selector);
  }

  #clicked(button) {
    if (button === null || this.#isFinishing || this.#isOver) return;
    const action = Object.keys(button.dataset).find((name) => name in ACTIONS);
    if (action !== undefined) ACTIONS[action].call(this, button);
  }

  #changed(isTyping) {
    this.#mayLeaveUnsaved = false;
    window.clearTimeout(this.#waiting);
    this.#waiting = 0;
    if (isTyping) this.#waiting = window.setTimeout(() => this.#save(), SAVE_AFTER_MS);
    else this.#save();
  }

  /** Resolves to whether the draft is safe. */
  #save() {
    window.clearTimeout(this.#waiting);
    this.#waiting = 0;
    if (this.#isOver || this.#isFinishing || !this.view.isConnected) return this.#saving;
    const changed = {
      ...this.draft,
      values: this.form.values(),
      elapsed_ms: this.#elapsed(),
      saved_at: new Date().toISOString(),
    };
    this.#saving = attempt(() => this.handed.save(changed));
    this.#saving.then((isSaved) => this.#say(isSaved ? "" : this.texts.not_saved));
    return this.#saving;
  }

  #elapsed() {
    return Math.round(this.draft.elapsed_ms + performance.now() - this.#mountedAt);
  }

  #say(text) {
    const place = this.part("[data-alert]");
    if (place.textContent !== text) place.textContent = text;
  }

  #nameSize(size) {
    const button = this.part("[data-type-size]");
    button.textContent = button.dataset[`text${size[0].toUpperCase()}${size.slice(1)}`];
  }

  nextSize() {
    this.#nameSize(this.typeSize.next());
  }

  /** An answer that could not be saved is not left at the first tap. */
  async leave() {
    const isSaved = await this.#save();
    if (!isSaved && !this.#mayLeaveUnsaved) {
      this.#mayLeaveUnsaved = true;
      return;
    }
    this.handed.leave();
  }

  review() {
    this.reading.stop();
    const open = openIn(this.form.questions, this.form.finalised());
    showSummary(this.part("[data-summary]"), open, this.texts, (question) => this.form.faultOf(question));
    this.#show("summary");
    this.#holdFinish();
    this.part("#summary-title").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  /** The button to finish comes up under the finger: a double tap must not finish unseen. */
  #holdFinish() {
    const buttons = [...this.view.querySelectorAll("[data-finish]")];
    const disable = (isDisabled) => buttons.forEach((button) => (button.disabled = isDisabled));
    disable(true);
    window.setTimeout(() => disable(false), LOOK_AT_LEAST_MS);
  }

  /** Back to `code`, else to where the enumerator was. */
  back(code = this.form.current()) {
    this.#show("filling");
    this.part("[data-review]").hidden = false;
    const question = this.form.question(code);
    this.form.remind(question, this.form.faultOf(question));
    this.form.open(code);
  }

  #show(name) {
    for (const part of ["filling", "summary"]) this.part(`[data-${part}]`).hidden = part !== name;
  }

  /** The last saving is waited for, so that it cannot bring the draft back afterwards. */
  async finish(button) {
    const label = button.textContent;
    const elapsed_ms = this.#elapsed();
    this.#save();
    this.#isFinishing = true;
    button.textContent = this.texts.finishing;
    await this.#saving;
    const { answers } = this.form.finalised();
    const { started_at } = this.draft;
    const finished_at = isoWithOffset(new Date());
    const isKept = await attempt(() => this.handed.finish({ answers, started_at, finished_at, elapsed_ms }));
    this.#isFinishing = false;
    this.#isOver = isKept;
    button.textContent = label;
    if (!isKept) this.#say(this.texts.not_finished);
  }
}

/** What the buttons do, by the name of their data attribute. */
const ACTIONS = {
  typeSize() {
    this.nextSize();
  },
  leave() {
    this.leave();
  },
  submit() {
    this.review();
  },
  review() {
    this.review();
  },
  back() {
    this.back();
  },
  open(button) {
    this.back(button.dataset.open);
  },
  finish(button) {
    this.finish(button);
  },
};

function modeIn(settings) {
  return {
    isOne: settings.get("mode") !== "whole",
    remember: (isOne) => settings.set("mode", isOne ? "one" : "whole"),
  };
}

async function attempt(action) {
  try {
    await action();
    return true;
  } catch {
    return false;
  }
}
