/**
 * Carries everything between this tablet and the server, by itself and again and again.
 *
 * One tab at a time does it (a Web Lock). It starts when the app opens, something was finished, the
 * network seems back or the pause after a failure is over; whether there is a network is never
 * asked, only tried.
 */

import { asSent } from "./outbox.js";
import { drain, pause } from "./sync.js";

const LOCK = "manyi-courier";
const LOOK_AGAIN_MS = 60_000;
const OTHER_TAB_MS = 5_000;
const VISITS_AT_ONCE = 500;

/**
 * `home` is what the tablet holds (see device.js), `api` the server, `locks` navigator.locks,
 * `timer` {set(ms, action), clear()}, `changed` is called whenever there is something new to show.
 */
export function courierOf({ home, outbox, api, locks, verify, timer, changed }) {
  const state = { sending: [], problem: null, failures: 0, isBusy: false };
  let isWanted = false;
  let isRunning = false;

  function told(news) {
    Object.assign(state, news);
    changed();
  }

  async function cycle() {
    const tokens = await home.tokens();
    const own = await home.device();
    if (own === null) return;
    told({ isBusy: true });
    const done = await drain({ outbox, send: api, tokens, verify, tick: home.tick, report: told });
    if (done.problem !== null) throw done.problem;
    await sendVisits(own);
    await api.report(await home.report(), own.token);
    await home.refresh(api);
    await outbox.prune(await home.graceDays());
  }

  async function sendVisits(own) {
    const visits = (await home.unsentVisits()).slice(0, VISITS_AT_ONCE);
    if (visits.length === 0) return;
    const receipts = await api.visits(visits.map(asSent), own.token);
    const taken = visits.filter(({ id }, place) => receipts[place]?.id === id && receipts[place].status !== "refused");
    await home.visitsReceived(taken);
  }

  async function attempt() {
    try {
      await cycle();
      told({ problem: null, failures: 0 });
    } catch (error) {
      told({ problem: error, failures: state.failures + 1 });
    } finally {
      told({ isBusy: false, sending: [] });
    }
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
