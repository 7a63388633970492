import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../../test/live-exchange.ts";
import { BODY_BYTES_MAX } from "./http-exchange.ts";
import { MALFORMED_TEXT } from "./info-port.ts";

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}
interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

const JSON_TYPE = { "content-type": "application/json" };
const user = "0x14791697260e4c9a71f18484c9f997b308e59325";
let exchange: LiveExchange;

/** A request with any Host and Origin, which fetch would not let through. */
const send = (
  path: string,
  { method = "POST", headers = {}, body = "" }: Sent = {},
): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { port } = exchange.gateway;
    const outgoing = httpRequest({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
const corsHeaders = (got: Got): string[] =>
  Object.keys(got.headers).filter((name) => name.startsWith("access-control"));

beforeAll(async () => {
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
});
afterAll(() => exchange.close());

describe("public endpoints", () => {
  test.each([
    ["application/json", 200],
    ["application/json; charset=utf-8", 200],
    ["Application/JSON", 200],
    ["text/plain", 415],
  ])("content type %s is answered with %i", async (type, status) => {
    const got = await send("/info", {
      headers: { "content-type": type },
      body: '{"type":"allMids"}',
    });
    expect(got.status).toBe(status);
    if (status === 200) expect(got.headers["content-type"]).toContain("application/json");
  });

  test.each([
    ["/exchange", "{oops"],
    ["/exchange", "[]"],
    [
      "/exchange",
      '{"action":{"type":"launchRocket"},"nonce":1,"signature":{"r":"0x1","s":"0x1","v":27}}',
    ],
    ["/info", "nonsense"],
    ["/info", '{"type":"launchRocket"}'],
    ["/info", "null"],
  ])("POST %s with %s is malformed", async (path, body) => {
    const got = await send(path, { headers: JSON_TYPE, body });
    expect([got.status, got.text]).toEqual([422, MALFORMED_TEXT]);
    expect(got.headers["content-type"]).toContain("text/plain");
  });

  test("a body beyond the bound is refused", async () => {
    const got = await send("/info", { headers: JSON_TYPE, body: " ".repeat(BODY_BYTES_MAX + 1) });
    expect(got.status).toBe(413);
  });

  test.each(["/info", "/exchange"])("%s lets pages of any origin in", async (path) => {
    const origin = "http://elsewhere.example";
    const preflight = await send(path, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers["access-control-allow-origin"]).toBe("*");
    expect(preflight.headers["access-control-allow-headers"]).toBe("content-type");
    const got = await send(path, { headers: { ...JSON_TYPE, origin }, body: "{}" });
    expect(got.headers["access-control-allow-origin"]).toBe("*");
  });

  test.each([
    ["GET", "/info", 405],
    ["GET", "/", 404],
    ["POST", "/elsewhere", 404],
    ["GET", "/ws", 404],
  ])("%s %s is %i", async (method, path, status) => {
    expect((await send(path, { method })).status).toBe(status);
  });
});

describe("admin", () => {
  const faucet = JSON.stringify({ user, usd: "5" });
  const host = (): string => `127.0.0.1:${exchange.gateway.port}`;

  test("the faucet opens an account and answers when it is durable", async () => {
    const got = await exchange.admin("/admin/faucet", {
      user: user.toUpperCase().replace("0X", "0x"),
      usd: 12.5,
    });
    expect(got).toEqual({ status: "ok", seq: expect.any(Number), user, usd: "12.5" });
    expect(exchange.sequencer.durableSeq).toBeGreaterThanOrEqual(got.seq as number);
    const gone = await exchange.admin("/admin/withdraw", { user, usd: "2.5" });
    expect(gone).toMatchObject({ status: "ok", usd: "2.5" });
    expect(await exchange.admin("/admin/withdraw", { user, usd: "100" })).toEqual({
      status: "err",
      response: "Insufficient balance for withdrawal.",
    });
  });

  test("hash and status can be read", async () => {
    const hash = JSON.parse((await send("/admin/hash", { method: "GET" })).text) as object;
    expect(hash).toEqual({
      seq: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const status = JSON.parse((await send("/admin/status", { method: "GET" })).text) as object;
    expect(status).toMatchObject({ markets: 1, limits: "off" });
  });

  test.each<[string, Record<string, string>]>([
    ["a page of another origin", { origin: "http://evil.example" }],
    ["a page of another port", { origin: "http://127.0.0.1:1" }],
    ["a page without an origin of its own", { origin: "null" }],
    ["a page that a browser calls cross-site", { "sec-fetch-site": "cross-site" }],
    ["a name that was re-bound to this machine", { host: "evil.example" }],
    ["a name with the right port", { host: "evil.example:80" }],
    ["this machine under another port", { host: "127.0.0.1:1" }],
  ])("refuses %s and changes nothing", async (_, headers) => {
    const before = exchange.sequencer.appliedSeq;
    for (const path of ["/admin/faucet", "/admin/oracle", "/admin/market", "/admin/withdraw"]) {
      const got = await send(path, { headers: { ...JSON_TYPE, ...headers }, body: faucet });
      expect(got.status).toBe(403);
      expect(corsHeaders(got)).toEqual([]);
    }
    const read = await send("/admin/hash", { method: "GET", headers });
    expect(read.status).toBe(403);
    expect(exchange.sequencer.appliedSeq).toBe(before);
  });

  test("lets its own origin in", async () => {
    const headers = { ...JSON_TYPE, origin: `http://${host()}`, "sec-fetch-site": "same-origin" };
    expect((await send("/admin/faucet", { headers, body: faucet })).status).toBe(200);
  });

  test("never answers a preflight with CORS headers", async () => {
    for (const origin of ["http://evil.example", `http://${host()}`]) {
      const headers = {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      };
      const got = await send("/admin/faucet", { method: "OPTIONS", headers });
      expect(got.status).toBeGreaterThanOrEqual(400);
      expect(corsHeaders(got)).toEqual([]);
    }
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
    "a form that a page may send without asking, %s, is refused",
    async (type) => {
      const got = await send("/admin/faucet", { headers: { "content-type": type }, body: faucet });
      expect(got.status).toBe(415);
    },
  );

  test.each([
    ["/admin/faucet", { user: "0x12", usd: "1" }, 400],
    ["/admin/faucet", { user, usd: "-1" }, 400],
    ["/admin/faucet", { user, usd: "lots" }, 400],
    ["/admin/oracle", { prices: { DOGE: "1" } }, 400],
    ["/admin/oracle", { prices: { BTC: "0" } }, 400],
    ["/admin/market", { name: "x y" }, 400],
    [
      "/admin/market",
      { name: "BIG", szDecimals: 0, maxLeverage: 3, pxMax: "30", positionMax: "9e9" },
      400,
    ],
    ["/admin/elsewhere", {}, 404],
  ])("POST %s with %j is %i", async (path, body, status) => {
    const got = await send(path, { headers: JSON_TYPE, body: JSON.stringify(body) });
    expect(got.status).toBe(status);
    expect(JSON.parse(got.text)).toMatchObject({ status: "err" });
  });
});

test("a busy port: the next one is taken, and both numbers are told", async () => {
  const { startGateway } = await import("./gateway-server.ts");
  const wanted = exchange.gateway.port;
  const second = await startGateway({
    context: { sequencer: exchange.sequencer, models: exchange.models, nowMs: () => 0 },
    answerInfo: () => ({ status: 200, body: null }),
    feed: { open: () => ({ kind: "invalid" }), close: () => undefined },
    limits: "off",
    log: { info: () => undefined, error: () => undefined },
    host: "127.0.0.1",
    port: wanted,
  });
  expect(second.wantedPort).toBe(wanted);
  expect(second.port).toBeGreaterThan(wanted);
  await second.close();
});
