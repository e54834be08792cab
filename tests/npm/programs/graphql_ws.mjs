// The client graphql-ws: queries, mutations, a subscription to its end, resuming, pings, errors.
// Usage: node graphql_ws.mjs ADDRESS
import { createClient } from "graphql-ws";
import { ASK, CANCERS, FOLLOW, QUESTION, post, same, whole } from "./checks.mjs";

const [address] = process.argv.slice(2);
const url = address.replace(/^http/, "ws");

let pong;
const ponged = new Promise((resolve) => (pong = resolve));
const client = createClient({ url, lazy: false, keepAlive: 50, on: { pong } });

async function results(payload, using = client) {
  const found = [];
  for await (const { data, errors } of using.iterate(payload)) {
    same(errors, undefined, "errors of a result");
    found.push(data);
  }
  return found;
}

const variables = { first: 3, after: null };
const cancers = await results({ query: CANCERS, variables });
same(cancers, [await post(address, CANCERS, variables)], "a query");

const [asked] = await results({ query: ASK, variables: { input: { text: QUESTION } } });
same(asked.askQuestion.outcome, "GENERATING", "the outcome of asking");
const id = asked.askQuestion.generation.id;

const followed = await results({ query: FOLLOW, variables: { id, after: null } });
const events = followed.map((data) => data.generationEvents);
whole(events);

const after = events[2].sequence;
const rest = await results({ query: FOLLOW, variables: { id, after } });
const resumed = rest.map((data) => data.generationEvents);
same(resumed, events.slice(3), "what comes after an event");

// Two operations at a time on one connection, each with its own results.
const both = await Promise.all([
  results({ query: CANCERS, variables }),
  results({ query: FOLLOW, variables: { id, after } }),
]);
same(both, [cancers, rest], "two operations at a time");

// Refused operations end with their errors, and the connection stays.
const refused = await results({ query: "{ nothing }" }).catch((errors) => errors);
same(refused[0].extensions.code, "GRAPHQL_VALIDATION_FAILED", "the code of a refused operation");
same(await results({ query: CANCERS, variables }), cancers, "a query after a refused one");

// It sends a ping after 50 ms of silence, and gives up without a pong.
await ponged;
await client.dispose();

// Credentials that are not valid close the connection, with the code after which this client
// tries again: a new token may be better.
const connectionParams = { authorization: "Bearer forged" };
const forged = createClient({ url, connectionParams, retryAttempts: 0 });
const closed = await results({ query: CANCERS, variables }, forged).catch((event) => event);
same(closed.code, 4403, "the code for credentials that are not valid");
