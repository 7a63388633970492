/**
 * A program: reads requests in full and answers each with the same text, by the gateway's own reading
 * and writing and with nothing in between. What it costs is the cost of node:http and the kernel.
 */
import { createServer } from "node:http";
import { CORS_HEADERS, readBody, sendText } from "../../src/gateway/http-exchange.ts";
import { orderReply } from "../../src/wire/exchange-reply.ts";

const TEXT = JSON.stringify(orderReply([{ resting: { oid: 12_345_678_901 } }]));

const server = createServer((request, response) =>
  readBody(request, () => sendText(response, 200, TEXT, CORS_HEADERS)),
);
server.listen({ host: "127.0.0.1", port: 0 }, () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  process.stdout.write(`${JSON.stringify({ kind: "exchange", url, socketUrl: url })}\n`);
});
process.once("SIGINT", () => process.exit(0));
