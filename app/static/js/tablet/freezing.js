/** The end of an interview: its content is sealed and put into the outbox, and its draft goes. */

import { newId } from "./ids.js";
import { seal } from "./seal.js";

/**
 * `draft` is what was begun, `form` its form of the bundle, `finished` {answers, started_at,
 * finished_at, elapsed_ms}. Rejects, with the draft still there, if it cannot be sealed or stored.
 */
export async function freeze({ home, outbox }, draft, form, finished) {
  const { id, device, project, audience, area, practice } = draft;
  const { finished_at } = finished;
  const sealed = await sealedFor(home, draft, contentOf(draft, form, finished));
  const item = {
    ...{ id, device, project, audience, area, practice, finished_at, sealed, relayed: false },
    ...{ state: "waiting", problem: null, receipt: null, receipt_tick: null, received_at_ms: null },
  };
  const visit = {
    ...{ id: newId(crypto), project, device, area, audience, outcome: "completed", practice },
    ...{ replaces: draft.replaces, response_id: id, visited_at: finished_at, received: false },
  };
  await outbox.freeze(item, visit, id);
}

/** For the newest key of the project, and provably of the tablet on which it was begun. */
export async function sealedFor(home, { id, device }, content) {
  const { key } = await home.bundle();
  const token = (await home.tokens())[device];
  const text = JSON.stringify(content);
  return seal({ publicKey: key.public, keyId: key.id, id, device, token, text });
}

function contentOf(draft, { questionnaire, version }, { answers, ...times }) {
  const { project, audience, area, consent, practice, position } = draft;
  return {
    ...{ project, questionnaire, version, audience, area, answers, consent },
    ...{ ...times, practice, position },
  };
}
