// Compiles Relay's tags in relay.js of the current folder, as the plugin of a bundler does.
import { transformFileSync } from "@babel/core";
import relay from "babel-plugin-relay";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import compiler from "relay-compiler";

execFileSync(compiler, ["relay.config.json"], { stdio: ["ignore", "ignore", "inherit"] });
const { code } = transformFileSync("relay.js", {
    babelrc: false,
    configFile: false,
    plugins: [[relay, { eagerEsModules: true }]],
});
// Node needs the whole name of a file, which a bundler finds without it.
writeFileSync("relay.js", code.replaceAll('.graphql"', '.graphql.js"'));
