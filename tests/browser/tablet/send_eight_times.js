/** Sends the one response of the outbox eight times at once, or another content under its id. */
async (other) => {
  const names = ["store", "outbox", "device", "api", "freezing"];
  const modules = await Promise.all(names.map((name) => import(`/static/js/tablet/${name}.js`)));
  const tablet = Object.assign({}, ...modules);
  const store = tablet.openStore();
  const home = tablet.homeIn(store, tablet.outboxIn(store), {});
  const [stored] = await store.all("outbox");
  const sealed = other === null ? stored.sealed : await tablet.sealedFor(home, stored, other);
  const token = (await home.tokens())[stored.device];
  const api = tablet.apiOf(fetch.bind(window));
  const sends = Array.from({ length: 8 }, () => api.put({ ...stored, sealed }, token));
  return (await Promise.all(sends)).map(({ receipt, status }) => `${status} ${receipt}`);
};
