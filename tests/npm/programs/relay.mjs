// relay-runtime with what its compiler made: two pages of a connection become one list in its
// store, and what the fragments below ask for is there.
// Usage: node relay.mjs ADDRESS ARTIFACTS
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import relay from "relay-runtime";
import { holds, post, same } from "./checks.mjs";

const { Environment, Network, RecordSource, Store, fetchQuery, getSingularSelector } = relay;
const [address, folder] = process.argv.slice(2);

// Artifacts name each other without an ending, which bundlers find, and Node.js alone doesn't.
registerHooks({
  resolve: (name, context, next) => next(name.replace(/\.graphql$/, ".graphql.ts"), context),
});

async function artifact(name) {
  const module = await import(pathToFileURL(`${folder}/${name}.graphql.ts`));
  return module.default;
}

const environment = new Environment({
  network: Network.create(async ({ text, name }, variables) => {
    const response = await fetch(address, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json",
      },
      body: JSON.stringify({ query: text, operationName: name, variables }),
    });
    return response.json();
  }),
  store: new Store(new RecordSource()),
});

const list = await artifact("CancerList_query");
const first = await fetchQuery(environment, await artifact("CancerListQuery"), {
  count: 2,
}).toPromise();

// Keeps what is read in the store from being thrown away as unused.
const held = environment.retain(
  relay.createOperationDescriptor(await artifact("CancerListQuery"), { count: 2 }),
);
const read = (reference) => environment.lookup(getSingularSelector(list, reference)).data.cancers;
const page = read(first);
same(page.edges.length, 2, "the first page");
holds(page.pageInfo.hasNextPage, "there is a second page");

await fetchQuery(environment, await artifact("CancerListPaginationQuery"), {
  count: 3,
  cursor: page.pageInfo.endCursor,
}).toPromise();
const both = read(first);
const { cancers } = await post(address, "{ cancers(first: 5) { nodes { slug name } } }");
const slugs = cancers.nodes.map(({ slug }) => slug);
same(both.edges.map(({ node }) => node.slug), slugs, "both pages in one list");

const row = await artifact("CancerList_row");
const names = both.edges.map(
  ({ node }) => environment.lookup(getSingularSelector(row, node)).data.name,
);
same(names, cancers.nodes.map(({ name }) => name), "what the rows read");
held.dispose();
