/**
 * What a questionnaire form decides, without touching the page.
 *
 * `values` are texts by field name, as a form holds them. A question is {code, kind, options:
 * [{code, alone, note}], limits: {at_most, minimum, maximum, places, max_length, required},
 * asked_if, audiences}. The twin of surveys/canonical.py and surveys/answers.py; both run the cases
 * of tests/cases/form_answers.json and tests/cases/finalised.json.
 */

import { isAsked, isFor, questionsIn } from "./conditions.js";

const LARGEST_NUMBER = 10 ** 12;
const EDGES = String.raw`[\s\x1c-\x1f\x85\u00ad\u200b-\u200f\u2060\ufeff]+`;
const UNSEEN = new RegExp(`^${EDGES}|${EDGES}$`, "gu");
const UNSTORABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/u;

const CANONICAL = {
  single: () => undefined,
  scale: () => undefined,
  integer: (question, text) => (/^[+-]?[0-9]{1,13}$/.test(text) ? bounded(question, text) : undefined),
  decimal,
  date,
};

/** Where an interview stands: clean answers, and the codes of questions asked and answered. */
export function standing(questions, values, audience) {
  const steps = [...walk(questions, values, audience)].filter(({ asked }) => asked === true);
  const right = steps.filter(({ answer }) => answer !== undefined);
  return {
    answers: Object.fromEntries(right.map(({ question, answer }) => [question.code, answer])),
    asked: steps.map(({ question }) => question.code),
    answered: right.map(({ question }) => question.code),
  };
}

/**
 * What is handed in: clean answers of the questions asked, and as typed whatever is wrong, so that
 * nothing is lost. What became hidden is dropped; what hangs on a wrong answer stays unjudged.
 * `blanks` and `wrong` are codes of asked questions; a missing note makes its question wrong.
 */
export function finalised(questions, values, audience) {
  const result = { answers: {}, blanks: [], wrong: [] };
  for (const step of walk(questions, values, audience)) {
    if (step.asked === false) continue;
    if (step.answer !== undefined) addRight(result, step, values);
    else addAsTyped(result, step, values);
  }
  return result;
}

function addRight({ answers, wrong }, { question, answer }, values) {
  answers[question.code] = answer;
  const notes = [answer].flat().flatMap((code) => noteOf(question, code, values));
  for (const { key, texts } of notes) {
    const text = texts.length === 1 ? writing(question, texts[0]) : undefined;
    if (texts.length > 0) answers[key] = text ?? raw(texts);
    if (text === undefined && wrong.at(-1) !== question.code) wrong.push(question.code);
  }
}

function addAsTyped({ answers, blanks, wrong }, { question, asked, given }, values) {
  if (asked && given.length === 0) {
    blanks.push(question.code);
    return;
  }
  if (asked) wrong.push(question.code);
  if (given.length > 0) answers[question.code] = question.kind === "multiple" ? given : raw(given);
  for (const { key, texts } of question.options.flatMap(({ code }) => noteOf(question, code, values))) {
    if (texts.length > 0) answers[key] = raw(texts);
  }
}

function noteOf(question, code, values) {
  const isNoted = question.options.some((option) => option.code === code && option.note);
  const key = `${question.code}_${code}_note`;
  return isNoted ? [{ key, texts: textsIn(values, key) }] : [];
}

function raw(texts) {
  return texts.length === 1 ? texts[0] : texts;
}

/**
 * Question by question: is it asked, what was given, the clean answer or undefined. `asked` is null
 * where that hangs on an earlier answer that is given but wrong: nobody knows yet.
 */
function* walk(questions, values, audience) {
  const answers = {};
  const doubtful = new Set();
  for (const question of questions) {
    const given = textsIn(values, question.code);
    const isHeld = isAsked(question, answers, audience);
    const asked = isHeld || (hangsOn(question, doubtful, audience) ? null : false);
    const answer = asked ? canonical(question, given) : undefined;
    if (answer !== undefined) answers[question.code] = answer;
    else if (asked === null || (asked && given.length > 0)) doubtful.add(question.code);
    yield { question, asked, given, answer };
  }
}

function hangsOn({ asked_if, audiences }, doubtful, audience) {
  return isFor(audiences, audience) && questionsIn(asked_if).some((code) => doubtful.has(code));
}

/** A question may have the code of something that every object has, such as `constructor`. */
function textsIn(values, key) {
  const texts = Object.hasOwn(values, key) ? values[key] : [];
  return texts.filter((text) => text.replace(UNSEEN, "") !== "");
}

/** The clean answer in the texts of one question's fields, or undefined if there is none. */
export function canonical(question, texts) {
  const given = texts.filter((text) => text.replace(UNSEEN, "") !== "");
  if (given.length === 0) return undefined;
  if (question.kind === "multiple") return choices(question, given);
  if (given.length > 1) return undefined;
  if (question.kind === "text") return writing(question, given[0]);
  const text = ascii(given[0]);
  const isOption = question.options.some((option) => option.code === text);
  return isOption ? text : CANONICAL[question.kind](question, text);
}

/**
 * What is ticked after a tap on one option: an option that stands alone unticks the others, any
 * other unticks those. `refused` if the tap would exceed the limit; then nothing changes.
 */
export function ticked(question, chosen, code, isOn) {
  const rest = chosen.filter((other) => other !== code);
  if (!isOn) return { chosen: rest, refused: false };
  const alone = new Set(question.options.filter((option) => option.alone).map(({ code }) => code));
  if (alone.has(code)) return { chosen: [code], refused: false };
  const kept = rest.filter((other) => !alone.has(other));
  const most = question.limits.at_most;
  if (question.kind === "multiple" && most !== null && kept.length >= most) {
    return { chosen: rest, refused: true };
  }
  return { chosen: [...kept, code], refused: false };
}

/** The asked question `step` places from the present one, staying within the first and last. */
export function neighbour(questions, asked, current, step) {
  const order = questions.map(({ code }) => code);
  const place = order.indexOf(current);
  const isAhead = (code) => (order.indexOf(code) - place) * step > 0;
  const ahead = asked.filter(isAhead);
  return (step > 0 ? ahead[0] : ahead.at(-1)) ?? current;
}

/** ISO 8601 with the offset of the device, which UTC alone would lose. */
export function isoWithOffset(date) {
  const minutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + minutes * 60000).toISOString().slice(0, -1);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(hours)}:${two(rest)}`;
}

/** "已答 {answered} 题" with its values filled in. */
export function say(text, details) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => details[name] ?? whole);
}

function choices(question, texts) {
  const codes = question.options.map((option) => option.code);
  const given = texts.map(ascii);
  const isWrong = given.some((code) => !codes.includes(code)) || new Set(given).size < given.length;
  const chosen = codes.filter((code) => given.includes(code));
  const alone = question.options.some((option) => option.alone && chosen.includes(option.code));
  const tooMany = chosen.length > (question.limits.at_most ?? Infinity);
  return isWrong || tooMany || (alone && chosen.length > 1) ? undefined : chosen;
}

function decimal(question, text) {
  if (!/^[+-]?[0-9]{1,13}(\.[0-9]{1,15})?$/.test(text)) return undefined;
  const places = (text.split(".")[1] ?? "").replace(/0+$/, "").length;
  return places > question.limits.places ? undefined : bounded(question, text);
}

function bounded({ limits }, text) {
  const number = Number(text) + 0; // -0 becomes 0
  const low = limits.minimum ?? -LARGEST_NUMBER;
  const high = limits.maximum ?? LARGEST_NUMBER;
  return number >= low && number <= high ? number : undefined;
}

function date({ limits }, text) {
  const isDay = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && text >= "0001-01-01";
  const day = new Date(`${text}T00:00:00Z`);
  if (!isDay || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) {
    return undefined;
  }
  const isWithin = text >= (limits.minimum ?? "") && text <= (limits.maximum ?? "9999-12-31");
  return isWithin ? text : undefined;
}

function writing({ limits }, given) {
  const text = given.replace(/\r\n?/g, "\n").normalize("NFC").replace(UNSEEN, "");
  const isRight = !UNSTORABLE.test(text) && [...text].length <= limits.max_length;
  return isRight ? text : undefined;
}

function ascii(text) {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u2212/g, "-")
    .replace(UNSEEN, "");
}
