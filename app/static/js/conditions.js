/**
 * "Asked if" rules as data, and whether they hold for the answers given so far.
 *
 * The twin of surveys/conditions.py; both run the cases of tests/cases/conditions.json. Answers are
 * the canonical ones of surveys/answers.py (option code, list of option codes, number, ISO date,
 * text), by question code. Nothing is converted: whoever reads a form turns its texts into numbers.
 */

const ISO_DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

const COMPARISONS = {
  equals,
  includes: (given, wanted) => Array.isArray(given) && given.includes(wanted),
  at_least: ordered((given, wanted) => given >= wanted),
  more_than: ordered((given, wanted) => given > wanted),
  at_most: ordered((given, wanted) => given <= wanted),
  less_than: ordered((given, wanted) => given < wanted),
};

/** Whether skip rules and audience let this question be asked; an unknown (null) audience is asked
 *  everything. `question` is {code, audiences, asked_if}. */
export function isAsked(question, answers, audience) {
  return isFor(question.audiences, audience) && holds(question.asked_if, answers);
}

/** True if the question with this condition is to be asked. Throws on what is no condition. */
export function holds(condition, answers) {
  if (isAbsent(condition)) return true;
  if (!isAbsent(condition.all)) return condition.all.every((child) => holds(child, answers));
  if (!isAbsent(condition.any)) return condition.any.some((child) => holds(child, answers));
  if (!isAbsent(condition.not)) return !holds(condition.not, answers);
  const name = Object.keys(COMPARISONS).find((key) => !isAbsent(condition[key]));
  if (name === undefined) throw new TypeError(`not a condition: ${JSON.stringify(condition)}`);
  const given = answers[condition.question];
  return !isAbsent(given) && COMPARISONS[name](given, condition[name]);
}

/** Codes of all questions that the condition looks at. */
export function questionsIn(condition) {
  if (isAbsent(condition)) return [];
  const children = [...(condition.all ?? []), ...(condition.any ?? []), condition.not].filter((child) => !isAbsent(child));
  const own = isAbsent(condition.question) ? [] : [condition.question];
  return [...own, ...children.flatMap(questionsIn)];
}

export function isFor(audiences, audience) {
  const restricted = !isAbsent(audiences) && audiences.length > 0;
  return isAbsent(audience) || !restricted || audiences.includes(audience);
}

function equals(given, wanted) {
  if (Array.isArray(given) && Array.isArray(wanted)) {
    return given.length === wanted.length && wanted.every((item, i) => item === given[i]);
  }
  return typeof given !== "boolean" && given === wanted;
}

function ordered(compare) {
  return (given, wanted) => comparable(given, wanted) && compare(given, wanted);
}

function comparable(given, wanted) {
  return [given, wanted].every(isNumber) || [given, wanted].every(isDate);
}

function isNumber(value) {
  return typeof value === "number";
}

function isDate(value) {
  return typeof value === "string" && ISO_DATE.test(value);
}

function isAbsent(value) {
  return value === null || value === undefined;
}
