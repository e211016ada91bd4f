/**
 * Finishes and sends responses with the app's own modules, as it does after an interview; only the
 * time-out and the pauses are shorter. The next few are finished when those before have arrived.
 */
async ({ drafts, form, timeoutMs, groups }) => {
  const names = ["store", "outbox", "device", "courier", "api", "receipts", "freezing", "ids"];
  const modules = await Promise.all(names.map((name) => import(`/static/js/tablet/${name}.js`)));
  const tablet = Object.assign({}, ...modules);
  const store = tablet.openStore();
  const outbox = tablet.outboxIn(store);
  const facts = { isoNow: () => new Date().toISOString(), persisted: async () => null, shell: async () => "" };
  const home = tablet.homeIn(store, outbox, facts);
  const { device } = await home.bundle();
  const courier = tablet.courierOf({
    ...{ home, outbox, locks: navigator.locks, changed() {} },
    api: tablet.apiOf(fetch.bind(window), { timeoutMs, msPerByte: 0 }),
    verify: tablet.verifierWith(crypto),
    timer: {
      clear() {
        clearTimeout(this.id);
      },
      set(ms, again) {
        this.id = setTimeout(again, Math.min(ms, 100));
      },
    },
  });
  const sent = async () => {
    courier.kick();
    while ((await outbox.unsent()).length > 0) await new Promise((done) => setTimeout(done, 20));
  };
  let next = 0;
  for (const size of groups) {
    for (const { finished, ...draft } of drafts.slice(next, next + size)) {
      const begun = { ...draft, id: tablet.newId(crypto), device: device.id };
      await tablet.freeze({ home, outbox }, begun, form, finished);
    }
    next += size;
    await sent();
  }
  return (await outbox.all()).map(({ id, state, receipt }) => ({ id, state, receipt: receipt.receipt }));
};
