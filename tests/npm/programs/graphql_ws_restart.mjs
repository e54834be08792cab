// The client graphql-ws over a restart of the server: it connects again by itself and resumes.
// Usage: node graphql_ws_restart.mjs ADDRESS; prints FOLLOWING once events have come.
import { createClient } from "graphql-ws";
import { FOLLOW, ask, holds, same, whole } from "./checks.mjs";

const [address] = process.argv.slice(2);
const closed = [];
const client = createClient({
  url: address.replace(/^http/, "ws"),
  retryAttempts: 600,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
  shouldRetry: () => true,
  on: { closed: (event) => closed.push(event.code) },
});

// The client sends the same payload again after a restart: with what it has by then.
const payload = { query: FOLLOW, variables: { id: await ask(address), after: 0 } };
const events = [];
let closedAt;
for await (const result of client.iterate(payload)) {
  same(result.errors, undefined, "errors of an event");
  const event = result.data.generationEvents;
  events.push(event);
  payload.variables.after = event.sequence;
  if (events.length === 3) process.stdout.write("FOLLOWING\n");
  if (closed.length > 0) closedAt ??= events.length;
}
whole(events);
same(closed[0], 1012, "the code of a server that restarts");
holds(closedAt > 3, "the server went away while the answer was being written");
await client.dispose();
