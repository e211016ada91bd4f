/** After an interview: the code for the respondent, and the way to the next household. */

import { shortCode } from "../ids.js";
import { copyOf, slot } from "../pieces.js";
import { showStrip } from "./strip.js";

export async function done(app, root, { parts: [id] }) {
  const item = await app.store.get("outbox", id);
  if (item === undefined) return app.go("#/");
  root.replaceChildren(copyOf("view-done"));
  slot(root, "code").textContent = await shortCode(id, crypto);
  const query = item.area === null ? "" : `?${new URLSearchParams({ area: item.area })}`;
  slot(root, "again").href = `#/begin/${item.audience}${query}`;
  const changed = () => showStrip(slot(root, "strip"), app);
  await changed();
  return { changed };
}
