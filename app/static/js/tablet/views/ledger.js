/** This tablet's own account: assigned, visited, finished here, received and valid on the server. */

import { copyOf, slot } from "../pieces.js";

export async function ledger(app, root) {
  root.replaceChildren(copyOf("view-ledger"));
  const changed = () => refresh(app, root);
  await changed();
  return { changed };
}

async function refresh(app, root) {
  const bundle = await app.home.bundle();
  const items = (await app.outbox.all()).filter(({ relayed }) => !relayed);
  const visits = await app.store.all("visits");
  const rows = rowsOf(bundle, items, visits);
  slot(root, "nothing").hidden = rows.length > 0;
  root.querySelector("tbody").replaceChildren(...rows.map((row) => lineOf(row, app.texts)));
}

function rowsOf(bundle, items, visits) {
  const names = new Map((bundle?.areas ?? []).map(({ code, name }) => [code, name]));
  const rows = new Map();
  const row = ({ area, audience }) => {
    const key = JSON.stringify([area, audience]);
    if (!rows.has(key)) rows.set(key, { area, name: names.get(area), audience, visits: 0, finished: 0 });
    return rows.get(key);
  };
  for (const one of bundle?.assignments ?? []) row(one).assigned = one.quantity;
  for (const one of bundle?.ledger ?? []) Object.assign(row(one), { received: one.received, valid: one.valid });
  for (const one of visits) row(one).visits += 1;
  for (const one of items) row(one).finished += 1;
  return [...rows.values()].sort((one, other) => (one.area ?? "").localeCompare(other.area ?? ""));
}

function lineOf({ name, audience, assigned, visits, finished, received, valid }, texts) {
  const line = document.createElement("tr");
  const place = Object.assign(document.createElement("th"), { scope: "row", textContent: name ?? texts.no_area });
  const cells = [texts.audiences[audience] ?? "—", assigned ?? "—", visits, finished, received ?? 0, valid ?? 0];
  line.append(place, ...cells.map(cellOf));
  return line;
}

function cellOf(value, place) {
  const cell = document.createElement("td");
  cell.textContent = value;
  if (place > 0) cell.className = "num";
  return cell;
}
