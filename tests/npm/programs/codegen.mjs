// GraphQL Code Generator, which Apollo recommends for TypeScript: the types of operations, and
// which types are behind each interface and union.
// Usage: node codegen.mjs SCHEMA DOCUMENTS OUT; DOCUMENTS is a file with operations and fragments,
// OUT the TypeScript file to be written.
import { readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as possibleTypes from "@graphql-codegen/fragment-matcher";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const [schema, location, filename] = process.argv.slice(2);
const written = await codegen({
  filename,
  schema: parse(readFileSync(schema, "utf8")),
  documents: [{ location, document: parse(readFileSync(location, "utf8")) }],
  config: {
    strictScalars: true,
    scalars: { Date: "string", DateTime: "string" },
    dedupeOperationSuffix: true,
  },
  plugins: [{ operations: {} }, { possibleTypes: {} }],
  pluginMap: { operations, possibleTypes },
});
writeFileSync(filename, written);
