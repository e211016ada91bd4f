/**
 * Talking to the server: only what is surely its own answer counts.
 *
 * A network that asks to log in first answers everything with a page and status 200. So an answer
 * must be JSON of the shape that was asked for; anything else is `Unreachable`, and what was sent
 * stays where it is.
 */

const TIMEOUT_MS = 30_000;
/** A village's network may carry a kilobyte in a second. */
const MS_PER_BYTE = 1;
const NOT_MODIFIED = 304;
const TOO_LARGE = 413;

/** Nothing of ours answered: no network, a time-out, another page, or a server in trouble. */
export class Unreachable extends Error {
  constructor(reason) {
    super(reason);
    this.isTimeout = reason === "TimeoutError";
  }
}

/** The server answered with a problem of its list; `problem` is null if a proxy answered for it. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.code ?? `status ${status}`);
    Object.assign(this, { status, problem });
  }
}

/** `request` is fetch. */
export function apiOf(request, { timeoutMs = TIMEOUT_MS, msPerByte = MS_PER_BYTE } = {}) {
  let serverTime = null;

  async function call(method, path, token, content, headers = {}) {
    const body = content === undefined ? undefined : JSON.stringify(content);
    const answer = await answered(request, path, {
      method,
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs + msPerByte * (body?.length ?? 0)),
    });
    if (answer.status === NOT_MODIFIED) return { status: NOT_MODIFIED };
    const told = await json(answer);
    serverTime = Date.parse(answer.headers.get("Date")) || serverTime;
    if (isProblem(told)) throw new Refused(answer.status, told);
    if (!answer.ok) throw new Unreachable(`status ${answer.status}`);
    return { status: answer.status, content: told };
  }

  return {
    /** What the server's clock said last, in ms; a tablet's own may be years off. */
    now: () => serverTime ?? Date.now(),
    enrol: async (code, token) => {
      const { content } = await call("POST", "/api/v1/enrol", null, { code, token });
      if (typeof content?.id !== "string") throw new Unreachable("not an enrolment");
      return content;
    },
    put: async (item, token) => {
      const { content } = await call("PUT", `/api/v1/responses/${item.id}`, token, { sealed: item.sealed });
      return content;
    },
    post: async (items, token) => {
      const responses = items.map(({ id, sealed }) => ({ id, sealed }));
      const { content } = await call("POST", "/api/v1/responses", token, { responses });
      return listOf(content, items);
    },
    visits: async (visits, token) => {
      const { content } = await call("POST", "/api/v1/visits", token, { visits });
      return listOf(content, visits);
    },
    report: (report, token) => call("PUT", "/api/v1/device/report", token, report),
    /** The bundle, or null if the one of this version is still the newest. */
    bundle: async (token, version) => {
      const headers = version === null ? {} : { "If-None-Match": `"${version}"` };
      const { status, content } = await call("GET", "/api/v1/tablet", token, undefined, headers);
      if (status === NOT_MODIFIED) return null;
      if (!Array.isArray(content?.forms)) throw new Unreachable("not a bundle");
      return content;
    },
  };
}

async function answered(request, path, options) {
  try {
    return await request(path, options);
  } catch (error) {
    throw new Unreachable(error?.name ?? "no answer");
  }
}

async function json(answer) {
  try {
    return await answer.json();
  } catch (error) {
    // A proxy with a limit of its own answers with a page; smaller parts may pass.
    if (answer.status === TOO_LARGE) throw new Refused(TOO_LARGE, null);
    throw new Unreachable(error?.name ?? "no JSON");
  }
}

function isProblem(content) {
  return typeof content?.code === "string" && typeof content.title === "string" && content.status >= 400;
}

function listOf(content, sent) {
  const receipts = content?.receipts;
  if (!Array.isArray(receipts) || receipts.length !== sent.length) {
    throw new Unreachable("not a list of receipts");
  }
  return receipts;
}
