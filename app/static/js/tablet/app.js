/** The page script of the tablet app: joins store, outbox, courier and views, and follows the address. */

import { isoWithOffset } from "../form.js";
import { apiOf } from "./api.js";
import { typeSizeOf } from "./comfort.js";
import { courierOf } from "./courier.js";
import { homeIn } from "./device.js";
import { outboxIn } from "./outbox.js";
import { copyOf, slot } from "./pieces.js";
import { verifierWith } from "./receipts.js";
import { openStore } from "./store.js";
import { updatesOf } from "./update.js";
import { begin } from "./views/begin.js";
import { done } from "./views/done.js";
import { enrol } from "./views/enrol.js";
import { home as homeView } from "./views/home.js";
import { interview } from "./views/interview.js";
import { ledger } from "./views/ledger.js";
import { outboxView } from "./views/outbox.js";
import { settings } from "./views/settings.js";
import { visit } from "./views/visit.js";

const VIEWS = { "": homeView, begin, interview, done, visit, outbox: outboxView, ledger, settings, enrol };
const WITHOUT_DEVICE = ["enrol"];
const CODE = /^#?([2-9A-Z]{5}(?:-[2-9A-Z]{5}){2})$/i;
const NEWS = "manyi-news";

const store = openStore();
const api = apiOf(fetch.bind(window));
const outbox = outboxIn(store, api.now);
const news = new BroadcastChannel(NEWS);
const main = document.querySelector("#main");
const app = {
  store,
  outbox,
  api,
  home: homeIn(store, outbox, { isoNow: () => isoWithOffset(new Date()), persisted, shell }),
  language: document.documentElement.lang,
  texts: JSON.parse(document.body.dataset.texts),
  toast,
  attempt,
  go: (address) => (window.location.hash = address),
};
app.courier = courierOf({ ...app, locks: navigator.locks, verify: verifierWith(crypto), timer: timer(), changed });
let current = {};
let shown = null;
let turn = Promise.resolve();
let updates = { look: () => {}, take: () => {} };

await start();

async function start() {
  if (!window.isSecureContext) return main.replaceChildren(copyOf("view-insecure"));
  try {
    app.settings = await settingsOf(store);
  } catch {
    return main.replaceChildren(copyOf("view-no-storage"));
  }
  typeSizeOf(document.documentElement, app.settings).apply();
  window.addEventListener("hashchange", show);
  window.addEventListener("online", app.courier.kick);
  document.addEventListener("visibilitychange", () => document.hidden || app.courier.kick());
  news.addEventListener("message", () => current.changed?.());
  await show();
  navigator.storage?.persist?.();
  app.courier.kick();
  updates = await updatesOf(navigator.serviceWorker, navigator.locks, () => window.location.reload());
  app.updates = updates;
  updates.take();
}

/** One view after the other: an address that changes meanwhile has its turn when this one is done. */
function show() {
  turn = turn.then(() => (window.location.hash === shown ? undefined : app.attempt(showNow)));
  return turn;
}

/** Shows the view that the address names; `#/begin/recipient?area=01` is begin with its parts. */
async function showNow() {
  shown = window.location.hash;
  const code = CODE.exec(shown)?.[1];
  const [path, query = ""] = shown.replace(/^#\/?/, "").split("?");
  const [name, ...parts] = path.split("/");
  const own = await app.home.device();
  const wanted = code !== undefined || (own === null && !WITHOUT_DEVICE.includes(name)) ? "enrol" : name;
  const view = VIEWS[wanted] ?? homeView;
  current.close?.();
  current = {};
  await showHeader(own);
  main.replaceChildren();
  const request = { parts, query: new URLSearchParams(query), code };
  current = live((await view(app, main, request)) || {});
  current.changed();
  window.scrollTo(0, 0);
  if (!document.activeElement || document.activeElement === document.body) main.focus({ preventScroll: true });
  updates.take();
}

async function showHeader(own) {
  const bundle = await app.home.bundle();
  slot(document, "who").textContent = own === null ? "" : `${own.enumerator} · ${own.label}`;
  slot(document, "settings-link").hidden = own === null;
  slot(document, "practice").hidden = !bundle?.project.practice;
}

/** A view is drawn once at a time; what happens meanwhile is drawn after it. */
function live({ changed: draw = () => {}, close = () => {} }) {
  let isDrawing = false;
  let isStale = false;
  async function redraw() {
    isStale = true;
    if (isDrawing) return;
    isDrawing = true;
    try {
      while (isStale) {
        isStale = false;
        await draw();
      }
    } finally {
      isDrawing = false;
    }
  }
  return { changed: redraw, close };
}

function changed() {
  current.changed?.();
  news.postMessage("changed");
}

function toast(text) {
  const place = slot(document, "toast");
  place.textContent = text;
  window.setTimeout(() => (place.textContent = ""), 4000);
}

/** What a tap sets going; if it fails, the tablet's storage is the cause, and that is said. */
async function attempt(action) {
  const alarm = slot(document, "alarm");
  try {
    const result = await action();
    alarm.hidden = true;
    return result;
  } catch (error) {
    alarm.hidden = false;
    console.error(error);
    return undefined;
  }
}

function timer() {
  let running = 0;
  return {
    clear: () => window.clearTimeout(running),
    set: (ms, action) => (running = window.setTimeout(action, ms)),
  };
}

/** Small choices of this person, read once and written through. */
async function settingsOf(kept) {
  const chosen = (await kept.setting("choices")) ?? {};
  return {
    get: (name) => chosen[name],
    set: (name, value) => {
      chosen[name] = value;
      return kept.set("choices", { ...chosen });
    },
  };
}

async function persisted() {
  return (await navigator.storage?.persisted?.()) ?? null;
}

async function shell() {
  const names = (await window.caches?.keys?.()) ?? [];
  return names.filter((name) => name.startsWith("manyi-shell-")).map((name) => name.slice(12))[0] ?? "";
}
