// Runs the audits of GraphQL over HTTP against a server and prints, as JSON, how each ended.
// Usage: node audits.mjs ADDRESS
import { serverAudits } from "graphql-http";

const [url] = process.argv.slice(2);
const audits = serverAudits({ url, fetchFn: fetch });
const results = await Promise.all(audits.map((audit) => audit.fn()));
const told = results.map(({ id, name, status, reason }) => ({ id, name, status, reason }));
process.stdout.write(JSON.stringify(told));
