/** sync.js with an outbox and a server that are handed in: what was sent, and what became of it. */
async (text) => {
  const { drain } = await import("/tablet/sync.js");
  const { items, tokens, own, faults, most } = JSON.parse(text);
  const [sent, received, refused] = [[], [], []];
  const check = (part, token) => {
    const ids = part.map(({ id }) => id);
    sent.push([ids, token]);
    const fault = faults.find((one) => one.token === token || ids.includes(one.id));
    if (part.length > (most?.items ?? 1000)) throw Object.assign(new Error(), most.error);
    if (fault) throw Object.assign(new Error(), fault.error);
    return part.map(({ id }) => ({ id }));
  };
  const sizes = { batch: 50 };
  const done = await drain({
    outbox: {
      unsent: async () => items,
      received: async (id) => received.push(id),
      refused: async (id) => refused.push(id),
    },
    send: {
      put: async (item, token) => check([item], token)[0],
      post: async (part, token) => check(part, token),
    },
    ...{ tokens, own, sizes, verify: async (item, answer) => item.id === answer.id, tick: async () => 1 },
  });
  return { ...done, problem: done.problem && done.problem.status, received, refused, sent, sizes };
};
