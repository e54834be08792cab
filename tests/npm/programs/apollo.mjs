// Apollo Client: queries, paging with relayStylePagination, interfaces and unions in its cache,
// asking, a subscription through GraphQLWsLink, automatic persisted queries by GET, and what is
// deferred, in both formats.
// Usage: node apollo.mjs ADDRESS SCHEMA
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { Defer20220824Handler, GraphQL17Alpha9Handler } from "@apollo/client/incremental";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { relayStylePagination } from "@apollo/client/utilities";
import { OperationTypeNode, buildSchema, isAbstractType } from "graphql";
import { createClient } from "graphql-ws";
import { filter, firstValueFrom, lastValueFrom, takeWhile, tap } from "rxjs";
import { ASK, FOLLOW, QUESTION, holds, post, same, whole } from "./checks.mjs";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const [address, schemaPath] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaPath, "utf8"));

// What Apollo has to know of interfaces and unions, read from the schema.
const possibleTypes = {};
for (const type of Object.values(schema.getTypeMap())) {
  if (!isAbstractType(type) || type.name.startsWith("__")) continue;
  possibleTypes[type.name] = schema.getPossibleTypes(type).map((each) => each.name);
}

const socket = createClient({ url: address.replace(/^http/, "ws") });
const client = new ApolloClient({
  cache: new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: { fields: { questions: relayStylePagination(["cancer", "answered", "orderBy"]) } },
    },
  }),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: address }),
  ),
});

// Paging: three pages of two are the first six, once each, in one list.
const PAGE = gql`
  query Page($first: Int!, $after: String) {
    questions(answered: true, first: $first, after: $after) {
      edges { cursor node { id slug text cancer { id name } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;
const variables = { first: 2 };
const paging = client.watchQuery({ query: PAGE, variables });
const shown = paging.subscribe({});
await firstValueFrom(paging.pipe(filter(({ loading }) => !loading)));
const inCache = () => client.readQuery({ query: PAGE, variables }).questions;
for (let pages = 1; pages < 3; pages += 1) {
  const { endCursor, hasNextPage } = inCache().pageInfo;
  holds(hasNextPage, "there are at least six questions");
  await paging.fetchMore({ variables: { after: endCursor } });
}
const questions = inCache();
const { questions: six } = await post(
  address,
  "{ questions(answered: true, first: 6) { nodes { slug } pageInfo { hasNextPage endCursor } } }",
);
same(questions.edges.map(({ node }) => node.slug), six.nodes.map(({ slug }) => slug), "six, paged");
same(questions.pageInfo.endCursor, six.pageInfo.endCursor, "the end of the third page");
shown.unsubscribe();

// An object that is known by its id is found in the cache by any other query, also as a Node.
const NODE = gql`
  query Node($id: ID!) { node(id: $id) { id ... on Question { text } } }
`;
const first = questions.edges[0].node;
const { data: byId } = await client.query({ query: NODE, variables: { id: first.id } });
same(byId.node.text, first.text, "the same object by its id");
const cached = client.readFragment({
  id: client.cache.identify({ __typename: "Question", id: first.id }),
  fragment: gql`fragment Known on Node { id ... on Question { text } }`,
});
same(cached.text, first.text, "the object in the cache, by its interface");

// Asking, and what a mistake looks like: a typed error in the payload.
const input = { text: QUESTION };
const { data: asked } = await client.mutate({ mutation: gql(ASK), variables: { input } });
same(asked.askQuestion.outcome, "GENERATING", "the outcome of asking");
const { data: mistaken } = await client.mutate({
  mutation: gql(ASK),
  variables: { input: { ...input, cancer: "no-such-cancer" } },
});
same(mistaken.askQuestion.errors[0].__typename, "UnknownCancer", "the error of an unknown cancer");

// A request that is refused is an error with our code, by status 400 and not by a parse failure.
const refused = await client
  .query({ query: gql`query Wrong { nothing }`, errorPolicy: "none" })
  .catch((error) => error);
const codes = refused.errors.map(({ extensions }) => extensions.code);
same(codes, ["GRAPHQL_VALIDATION_FAILED"], "the code of a refused query");

const events = [];
await new Promise((complete, error) =>
  client
    .subscribe({ query: gql(FOLLOW), variables: { id: asked.askQuestion.generation.id, after: 0 } })
    .subscribe({ next: (result) => events.push(result.data.generationEvents), error, complete }),
);
whole(events);

// Automatic persisted queries: the text travels once, and from then on its hash, by GET.
const sent = [];
async function watched(input, init) {
  sent.push(init.method);
  return fetch(input, init);
}
const persisted = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([
    new PersistedQueryLink({ sha256, useGETForHashedQueries: true }),
    new HttpLink({ uri: address, fetch: watched }),
  ]),
});
const PERSISTED = gql`
  query PersistedPage($first: Int!) { cancers(first: $first) { nodes { id slug } } }
`;
for (const first of [1, 2]) {
  const { data } = await persisted.query({ query: PERSISTED, variables: { first } });
  same(data.cancers.nodes.length, first, "what a persisted query gives");
}
same(sent, ["GET", "POST", "GET"], "how persisted queries are sent");

// What is deferred comes later, in the format that each of Apollo's two handlers asks for.
const WHOLE = `{ cancer(slug: "liver-cancer") { __typename id name ... { aliases } } }`;
const DEFERRED = WHOLE.replace("... {", "... @defer {");
const expected = await post(address, WHOLE);
for (const incrementalHandler of [new Defer20220824Handler(), new GraphQL17Alpha9Handler()]) {
  const types = [];
  async function typed(input, init) {
    const response = await fetch(input, init);
    types.push(response.headers.get("content-type").split(";")[0]);
    return response;
  }
  const link = new HttpLink({ uri: address, fetch: typed });
  const deferring = new ApolloClient({ cache: new InMemoryCache(), link, incrementalHandler });
  const states = [];
  const observed = deferring.watchQuery({ query: gql(DEFERRED) });
  const last = await lastValueFrom(
    observed.pipe(
      tap(({ dataState }) => states.push(dataState)),
      takeWhile(({ dataState }) => dataState !== "complete", true),
    ),
  );
  same(last.data, expected, "all parts together");
  same(types, ["multipart/mixed"], "the type of a response in parts");
  holds(states.includes("streaming"), "a part was there before the rest");
  deferring.stop();
}

client.stop();
persisted.stop();
await socket.dispose();
