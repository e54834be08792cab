// urql: queries by GET, which is its default, and by POST, a mutation, subscriptions through
// graphql-sse and through urql's own fetch. It takes event streams with every request.
// Usage: node urql.mjs ADDRESS
import { Client, cacheExchange, fetchExchange, gql, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-sse";
import { ASK, CANCERS, FOLLOW, QUESTION, holds, post, same, whole } from "./checks.mjs";

const [url] = process.argv.slice(2);
const sent = [];
async function watched(input, init) {
  sent.push({ method: init.method ?? "GET", accept: new Headers(init.headers).get("accept") });
  return fetch(input, init);
}

const sse = createClient({ url });
const subscriptions = subscriptionExchange({
  forwardSubscription: ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: sse.subscribe({ query, variables }, sink) }),
  }),
});
const throughSse = new Client({
  url,
  fetch: watched,
  exchanges: [cacheExchange, subscriptions, fetchExchange],
});
const byFetch = new Client({
  url,
  fetch: watched,
  preferGetMethod: false,
  fetchSubscriptions: true,
  exchanges: [fetchExchange],
});

const variables = { first: 3, after: null };
const expected = await post(url, CANCERS, variables);
for (const client of [throughSse, byFetch]) {
  const { data, error } = await client.query(gql(CANCERS), variables).toPromise();
  same(error, undefined, "the error of a query");
  const nodes = data.cancers.nodes.map(({ id, slug, name }) => ({ id, slug, name }));
  same(nodes, expected.cancers.nodes, "a query");
}
same(sent.map(({ method }) => method), ["GET", "POST"], "how the queries were sent");
holds(sent.every(({ accept }) => accept.includes("text/event-stream")), "streams are accepted");

const input = { text: QUESTION };
const asked = await throughSse.mutation(gql(ASK), { input }).toPromise();
same(asked.error, undefined, "the error of asking");
same(asked.data.askQuestion.outcome, "GENERATING", "the outcome of asking");
const id = asked.data.askQuestion.generation.id;

// urql gives the last result once more when the stream has ended, marked as the last one.
function followed(client) {
  const events = [];
  return new Promise((resolve, reject) => {
    client.subscription(gql(FOLLOW), { id, after: 0 }).subscribe(({ data, error, hasNext }) => {
      if (error) reject(error);
      else if (hasNext) events.push(data.generationEvents);
      else resolve(events);
    });
  });
}
const events = await followed(throughSse);
whole(events);
same(await followed(byFetch), events, "the same events by urql's own fetch");

const refused = await byFetch.query(gql`query Wrong { nothing }`, {}).toPromise();
const codes = refused.error.graphQLErrors.map(({ extensions }) => extensions.code);
same(codes, ["GRAPHQL_VALIDATION_FAILED"], "the code of a refused query");

// What is deferred comes later; urql names no format, and takes what it is given.
const DEFERRED = gql`query Deferred {
  cancer(slug: "liver-cancer") { id name ... on Cancer @defer { aliases } }
}`;
const parts = [];
await new Promise((resolve, reject) => {
  byFetch.query(DEFERRED, {}).subscribe(({ data, error, hasNext }) => {
    if (error) reject(error);
    parts.push(Object.keys(data?.cancer ?? {}));
    if (!hasNext) resolve();
  });
});
holds(parts.length > 1 && !parts[0].includes("aliases"), "a part was there before the rest");
holds(parts.at(-1).includes("aliases"), "the rest came");
sse.dispose();
