// The audits of the GraphQL-over-HTTP specification, against a server.
//
//     URL=http://127.0.0.1:4000 node audit.mjs
import { auditServer } from "graphql-http";

const { URL: url = "http://127.0.0.1:4000" } = process.env;

const results = await auditServer({ url: `${url}/graphql` });
const failed = results.filter(({ status }) => status !== "ok");
for (const { id, name, reason } of failed) console.error(`${id} ${name}: ${reason}`);
console.log(`${results.length - failed.length} of ${results.length}`);
process.exit(failed.length ? 1 : 0);
