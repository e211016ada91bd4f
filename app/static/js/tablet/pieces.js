/** Small pieces of the page: copies of the shell's templates with their gaps filled in. */

export function copyOf(id) {
  return document.getElementById(id).content.cloneNode(true);
}

/** The element in `root` that a template marks with data-slot. */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/** Writes texts into the gaps of these names. */
export function fillIn(root, texts) {
  for (const [name, text] of Object.entries(texts)) slot(root, name).textContent = text ?? "";
  return root;
}

/** Dates as people in China say them, whatever the tablet's own zone. */
export function momentOf(iso, language) {
  return new Date(iso).toLocaleString(language, {
    ...{ month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" },
    ...{ hour12: false, timeZone: "Asia/Shanghai" },
  });
}

/** What the server says is wrong, in the language of this page. */
export function problemText(problem, language) {
  return language === "en" ? problem.title_en : problem.title;
}

/** Options of a select, the areas indented by their depth. */
export function areaOptions(areas) {
  const depths = new Map();
  return areas.map(({ code, name, parent }) => {
    const depth = parent === null ? 0 : (depths.get(parent) ?? 0) + 1;
    depths.set(code, depth);
    const option = new Option("　".repeat(depth) + name, code);
    option.lang = "zh-CN";
    return option;
  });
}
