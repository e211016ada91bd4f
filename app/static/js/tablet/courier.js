/**
 * Carries everything between this tablet and the server, by itself and again and again.
 *
 * One tab at a time does it (a Web Lock). It starts when the app opens, something was finished, the
 * network seems back or the pause after a failure is over; whether there is a network is never
 * asked, only tried.
 */

import { asSent } from "./outbox.js";
import { BATCH, drain, pause } from "./sync.js";

const LOCK = "manyi-courier";
const LOOK_AGAIN_MS = 60_000;
const OTHER_TAB_MS = 5_000;
const VISITS_AT_ONCE = 500;
const WRONG_TOKEN = 401;

/**
 * `home` is what the tablet holds (see device.js), `api` the server, `locks` navigator.locks,
 * `timer` {set(ms, action), clear()}, `changed` is called whenever there is something new to show.
 */
export function courierOf({ home, outbox, api, locks, verify, timer, changed }) {
  const state = { sending: [], problem: null, failures: 0, isBusy: false };
  const sizes = { batch: BATCH };
  let isWanted = false;
  let isRunning = false;

  function told(news) {
    Object.assign(state, news);
    changed();
  }

  /** Each step by itself: a response that cannot go holds up no visit. Returns the first problem. */
  async function cycle(own) {
    const steps = [
      () => sendResponses(own),
      () => sendVisits(own),
      async () => void (await api.report(await home.report(), own.token)),
      () => home.refresh(api),
      async () => void (await outbox.prune(await home.graceDays())),
    ];
    let problem = null;
    for (const step of steps) {
      problem ??= await outcomeOf(step);
      if (problem !== null && problem.status === undefined) break; // the server was not reached
    }
    return problem;
  }

  async function sendResponses(own) {
    const tokens = await home.tokens();
    const handed = { outbox, send: api, own, tokens, verify, tick: home.tick, sizes };
    return (await drain({ ...handed, report: told })).problem;
  }

  async function sendVisits(own) {
    const tokens = await home.tokens();
    for (const [device, visits] of await home.unsentVisits()) {
      const part = visits.slice(0, VISITS_AT_ONCE);
      const receipts = await visitsSent(part, tokens[device], own);
      await home.visitsAnswered(part, receipts);
    }
  }

  async function visitsSent(visits, token, own) {
    try {
      return await api.visits(visits.map(asSent), token);
    } catch (error) {
      if (error.status !== WRONG_TOKEN || token === own.token) throw error;
      return api.visits(visits.map(asSent), own.token);
    }
  }

  async function attempt() {
    const own = await home.device();
    if (own === null) return;
    told({ isBusy: true });
    const problem = await outcomeOf(() => cycle(own));
    told({ problem, failures: problem === null ? 0 : state.failures + 1, isBusy: false, sending: [] });
  }

  /** Whoever asks while something is being carried gets another round after it. */
  async function kick() {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    timer.clear();
    const isOurs = await locks.request(LOCK, { ifAvailable: true }, rounds);
    isRunning = false;
    timer.set(pauseAfter(isOurs), kick);
  }

  async function rounds(lock) {
    while (lock !== null && isWanted) {
      isWanted = false;
      await attempt();
      if (state.problem !== null) break;
    }
    return lock !== null;
  }

  function pauseAfter(isOurs) {
    if (!isOurs) return OTHER_TAB_MS;
    return state.failures > 0 ? pause(state.failures) : LOOK_AGAIN_MS;
  }

  return { kick, state };
}

/** The problem that a step returns or meets, else null. */
async function outcomeOf(step) {
  try {
    return (await step()) ?? null;
  } catch (error) {
    return error;
  }
}
