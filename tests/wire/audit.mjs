// The audits of the GraphQL-over-HTTP specification, against a server.
//
//     URL=http://127.0.0.1:4000 TOKEN=… node audit.mjs
//
// Some of them read the schema, which only members may do in production.
import { auditServer } from "graphql-http";

const { URL: url = "http://127.0.0.1:4000", TOKEN: token } = process.env;

const fetchFn = (input, init = {}) =>
    fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
const results = await auditServer({ url: `${url}/graphql`, fetchFn });
const failed = results.filter(({ status }) => status !== "ok");
for (const { id, name, reason } of failed) console.error(`${id} ${name}: ${reason}`);
console.log(`${results.length - failed.length} of ${results.length}`);
process.exit(failed.length ? 1 : 0);
