// The client graphql-sse, in its distinct connections mode: a query, a subscription to its end,
// resuming by `after` and by Last-Event-ID, errors.
// Usage: node graphql_sse.mjs ADDRESS
import { createClient } from "graphql-sse";
import { CANCERS, FOLLOW, ask, post, same, whole } from "./checks.mjs";

const [url] = process.argv.slice(2);

async function results(payload, headers = {}) {
  const client = createClient({ url, headers, retryAttempts: 0 });
  const found = [];
  for await (const { data, errors } of client.iterate(payload)) found.push(errors ?? data);
  client.dispose();
  return found;
}

const variables = { first: 3, after: null };
const cancers = await results({ query: CANCERS, variables });
same(cancers, [await post(url, CANCERS, variables)], "a query");

const id = await ask(url);
const followed = await results({ query: FOLLOW, variables: { id, after: null } });
const events = followed.map((data) => data.generationEvents);
whole(events);

const after = events[2].sequence;
const byArgument = await results({ query: FOLLOW, variables: { id, after } });
const byHeader = await results(
  { query: FOLLOW, variables: { id, after: null } },
  { "Last-Event-ID": String(after) },
);
same(byArgument, followed.slice(3), "what comes after an event, by `after`");
same(byHeader, followed.slice(3), "what comes after an event, by Last-Event-ID");

const refused = await results({ query: "{ nothing }" });
const [errors] = refused;
same(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED", "the code of a refused operation");
