// The client graphql-sse over a restart of the server: it sends its request again and resumes.
// Usage: node graphql_sse_restart.mjs ADDRESS; prints FOLLOWING once events have come.
import { createClient } from "graphql-sse";
import { FOLLOW, ask, holds, same, whole } from "./checks.mjs";

const [url] = process.argv.slice(2);
let attempts = 0;
const events = [];
const client = createClient({
  url,
  retryAttempts: 600,
  retry: () => new Promise((resolve) => setTimeout(resolve, 100)),
  headers: () => {
    attempts += 1;
    const last = events.at(-1);
    return last === undefined ? {} : { "Last-Event-ID": String(last.sequence) };
  },
});

const payload = { query: FOLLOW, variables: { id: await ask(url), after: null } };
for await (const result of client.iterate(payload)) {
  same(result.errors, undefined, "errors of an event");
  events.push(result.data.generationEvents);
  if (events.length === 3) process.stdout.write("FOLLOWING\n");
}
whole(events);
holds(attempts > 1, "the server went away while the answer was being written");
client.dispose();
