// What is sent: registered operations, by their ids, with the public key that this page was made
// for. Not with whatever stands in its address: that may hold two, and only the one that was
// looked at is a key of the page around it. What the reader writes goes in the body of a
// request, and never elsewhere.

const RELEASE = { name: "navis-ask", version: "1" };
const API = new URL("../graphql", location.href).href;
const RESULT = "application/graphql-response+json, application/json";
const EVENTS = "text/event-stream";
const SILENCE_MS = 30000;
const LONGEST_PAUSE_MS = 15000;
const CLOSED = ["FORBIDDEN", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "NOT_FOUND"];

// Why there is no result. `kind` is "busy" (try again after `waitS`), "away" (perhaps soon) or
// "closed" (trying again won't help).
class Trouble extends Error {
  constructor(kind, waitS = 0) {
    super(kind);
    this.kind = kind;
    this.waitS = waitS;
  }
}

const pause = (ms, signal) =>
  new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });

// Twice as long each time, and not all readers at the same moment.
const pauseOf = (failures) =>
  Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);

const troubleOf = (status, errors, retryAfter) => {
  const facts = errors?.[0]?.extensions ?? {};
  const waitS = Number(facts.retryAfterSeconds ?? retryAfter ?? 0) || 0;
  if (status === 429 || facts.code === "THROTTLED") return new Trouble("busy", waitS || 10);
  if (status === 401 || status === 403 || CLOSED.includes(facts.code)) return new Trouble("closed");
  // Also an operation that isn't known: while we are being updated, the next process knows it.
  return new Trouble("away", waitS);
};

const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;

async function request(operation, variables, accept, signal) {
  try {
    return await fetch(API, {
      method: "POST",
      body: JSON.stringify({
        documentId: `${RELEASE.name}-${RELEASE.version}.${operation}`,
        variables,
      }),
      headers: {
        Authorization: `Bearer ${meta("navis-key")}`,
        "Content-Type": "application/json",
        Accept: accept,
        "Accept-Language": document.documentElement.lang,
        "Graphql-Client-Name": RELEASE.name,
        "Graphql-Client-Version": RELEASE.version,
      },
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal,
    });
  } catch (fault) {
    if (signal.aborted) throw signal.reason;
    throw new Trouble("away");
  }
}

async function once(operation, variables, signal) {
  const response = await request(operation, variables, RESULT, signal);
  let result;
  try {
    result = await response.json();
  } catch (fault) {
    if (signal.aborted) throw signal.reason;
    throw troubleOf(response.status, null, response.headers.get("Retry-After"));
  }
  if (!response.ok || result.errors || !result.data) {
    throw troubleOf(response.status, result.errors, response.headers.get("Retry-After"));
  }
  return result.data;
}

// Returns the data of an operation. Tries again where that may help: so each has to be one
// that may be sent twice.
async function call(operation, variables, signal, tries = 3) {
  for (let failures = 1; ; failures += 1) {
    try {
      return await once(operation, variables, signal);
    } catch (fault) {
      if (fault.kind !== "away" || failures >= tries) throw fault;
      await pause(Math.max(pauseOf(failures), fault.waitS * 1000), signal);
    }
  }
}

// Server-sent events, as graphql-sse frames them. Returns whether the stream came to its end;
// one that breaks off, or says nothing for too long, has not.
async function stream(id, after, signal, onEvent) {
  const silence = new AbortController();
  const stop = () => silence.abort();
  let watch = setTimeout(stop, SILENCE_MS);
  signal.addEventListener("abort", stop);
  try {
    const response = await request("Follow", { id, after }, EVENTS, silence.signal);
    if (!response.ok || !response.body) {
      let result = null;
      try {
        result = await response.json();
      } catch {
        // Not ours: a proxy's page.
      }
      throw troubleOf(response.status, result?.errors, response.headers.get("Retry-After"));
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let waiting = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      clearTimeout(watch);
      watch = setTimeout(stop, SILENCE_MS);
      const frames = (waiting + decoder.decode(value, { stream: true })).split("\n\n");
      waiting = frames.pop();
      for (const frame of frames) {
        const lines = frame.split("\n");
        if (lines.includes("event: complete")) return true;
        const data = lines.find((line) => line.startsWith("data: "));
        if (data === undefined) continue;
        const result = JSON.parse(data.slice("data: ".length));
        if (result.errors) throw troubleOf(200, result.errors, null);
        onEvent(result.data.generationEvents);
      }
    }
  } catch (fault) {
    if (signal.aborted) throw signal.reason;
    if (fault instanceof Trouble) throw fault;
    return false;
  } finally {
    clearTimeout(watch);
    signal.removeEventListener("abort", stop);
  }
}

// Gives each event of a generation once and in order, over as many connections as it takes.
async function follow(id, signal, onEvent, onLost) {
  let after = 0;
  let failures = 0;
  for (;;) {
    let waitS = 0;
    try {
      const ended = await stream(id, after, signal, (event) => {
        failures = 0;
        if (event.sequence <= after) return;
        after = event.sequence;
        onEvent(event);
      });
      if (ended) return;
    } catch (fault) {
      if (signal.aborted || fault.kind === "closed") throw fault;
      waitS = fault.waitS;
    }
    failures += 1;
    if (failures > 1) onLost();
    await pause(Math.max(pauseOf(failures), waitS * 1000), signal);
  }
}

// A name for a request by which the API knows it again when it is sent twice.
const freshKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) =>
    each.toString(16).padStart(2, "0"),
  ).join("");
