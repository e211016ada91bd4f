/** The choice of an area, one level after the other; without scripts one long list does it. */

const all = document.querySelector("#area_code");
const here = all.closest("[data-here]").dataset.here;
const areas = [...all.options].filter(({ value }) => value !== "").map(placed);

if (areas.some(({ depth }) => depth > 0)) begin();

function placed({ value, textContent, dataset }, place, list) {
  const depth = Number(dataset.depth);
  const above = list.slice(0, place).findLast((other) => Number(other.dataset.depth) < depth);
  return { code: value, name: textContent.trim(), depth, parent: above?.value };
}

function begin() {
  all.hidden = true;
  all.id = "area_code_all";
  show();
}

function show() {
  for (const old of document.querySelectorAll("[data-level]")) old.remove();
  const path = pathTo(all.value);
  const parents = [undefined, ...path.map(({ code }) => code)];
  const levels = parents.map(below).filter(({ children }) => children.length > 0);
  all.before(...levels.map(({ children, parent }, level) => choice(children, parent, path[level], level)));
}

function below(parent) {
  return { parent, children: areas.filter((area) => area.parent === parent) };
}

function pathTo(code) {
  const area = areas.find((one) => one.code === code);
  return area === undefined ? [] : [...pathTo(area.parent), area];
}

function choice(children, parent, chosen, level) {
  const select = all.cloneNode(false);
  select.hidden = false;
  select.removeAttribute("name");
  select.dataset.level = level;
  select.id = level === 0 ? "area_code" : `area_code_${level}`;
  if (level > 0) select.setAttribute("aria-label", areas.find(({ code }) => code === parent).name);
  const blank = new Option(level === 0 ? all.options[0].textContent : here, parent ?? "");
  select.append(blank, ...children.map(({ code, name }) => new Option(name, code)));
  select.value = chosen?.code ?? parent ?? "";
  select.addEventListener("change", () => {
    all.value = select.value;
    show();
    document.getElementById(select.id).focus();
  });
  return select;
}
