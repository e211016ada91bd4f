/**
 * Reading aloud by a voice of the tablet itself: other voices would send the text away.
 *
 * Without such a voice nothing is read, and whoever asks is told so.
 */

const MAINLAND = /^zh([-_]hans)?([-_]cn)?$/i;
const SPEED = 0.9;

/** The voice for texts in `language` (`zh` or `en`), or null: local ones only. */
export function voiceFor(language, voices) {
  const own = voices.filter(({ localService, lang }) => localService === true && isOf(language, lang));
  const ranked = own.map((voice) => [rank(voice), voice]).sort(([one], [other]) => other - one);
  return ranked[0]?.[1] ?? null;
}

/** `synthesis` is speechSynthesis, or undefined where the browser has none. */
export function speaker(synthesis, Utterance = globalThis.SpeechSynthesisUtterance) {
  const voice = (language) => (synthesis ? voiceFor(language, synthesis.getVoices()) : null);
  let turn = 0;

  function stop() {
    turn += 1;
    synthesis?.cancel();
  }

  return {
    can: (language) => voice(language) !== null,
    stop,
    /** Browsers learn of their voices some time after the page was opened. */
    whenVoicesChange(action, signal) {
      synthesis?.addEventListener?.("voiceschanged", action, { signal });
    },
    /** One text after the other; `ended` is called when the last one was read or reading failed. */
    speak(texts, language, ended) {
      stop();
      const own = turn;
      const over = () => own === turn && ended();
      const spoken = texts.map((text) => utteranceOf(new Utterance(text), voice(language)));
      spoken.at(-1).onend = over;
      for (const one of spoken) {
        one.onerror = over;
        synthesis.speak(one);
      }
    },
  };
}

function utteranceOf(utterance, voice) {
  return Object.assign(utterance, { voice, lang: voice.lang, rate: SPEED });
}

/** `zh-CN` and `zh_CN` are Chinese, `zha` is Zhuang. */
function isOf(language, lang) {
  return lang.split(/[-_]/)[0].toLowerCase() === language;
}

function rank({ lang, default: isDefault }) {
  return (MAINLAND.test(lang) ? 2 : 0) + (isDefault ? 1 : 0);
}
