/**
 * The service worker: one version of the app, whole or not at all, and nothing but GET.
 *
 * The server puts `const SHELL = {version, files: {address: sha256}, start}` before this text, so
 * that any changed file makes another worker. A new version waits until a page says that no
 * interview is open; until then every file comes from the old one.
 */

const CACHE = `manyi-shell-${SHELL.version}`;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", ({ data }) => {
  if (data === "activate") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const file = fileFor(event.request);
  if (file !== null) event.respondWith(kept(file, event.request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(SHELL.files).map(([path, hash]) => keep(cache, path, hash)));
}

/** A file of another version, or the page of a network that asks to log in, stops the update. */
async function keep(cache, path, hash) {
  const answer = await fetch(path, { cache: "no-cache", credentials: "omit", redirect: "error" });
  const content = await answer.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const found = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!answer.ok || found !== hash) throw new TypeError(`${path} is not of version ${SHELL.version}`);
  await cache.put(path, answer);
}

async function takeOver() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("manyi-shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

function fileFor(request) {
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return null;
  if (pathname in SHELL.files) return pathname;
  return request.mode === "navigate" && pathname.startsWith("/tablet/") ? SHELL.start : null;
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}
