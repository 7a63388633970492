import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createFakeSource, type FakeSource } from "../../test/page/fake-source.ts";
import { type OperatorOptions, type OperatorServer, serveOperator } from "./operator-server.ts";
import type { WhyView } from "./operator-source.ts";
import type { StreamMessage } from "./stream-message.ts";

let folder: string;
let source: FakeSource;
let server: OperatorServer;

async function start(options: Partial<OperatorOptions> = {}): Promise<OperatorServer> {
  server = await serveOperator({ source, port: 0, pageFolder: folder, ladderMs: 5, ...options });
  return server;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bourse-page-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(folder, "assets", "main-abc123.js"), "export {};");
  writeFileSync(join(folder, "secret.key"), "not for pages");
  source = createFakeSource();
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request with exactly these headers, as fetch would not let us send them. */
function ask(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: "127.0.0.1", port: server.port, method, path, headers, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const JSON_TYPE = { "content-type": "application/json" };
const steer = (name: string, body = "{}", headers: Record<string, string> = {}): Promise<Answer> =>
  ask("POST", `/control/${name}`, { headers: { ...JSON_TYPE, ...headers }, body });

function expectNoCors({ headers }: Answer): void {
  expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
}

describe("page", () => {
  test("serves the page and its assets with strict headers", async () => {
    await start();
    const page = await ask("GET", "/");
    expect(page.status).toBe(200);
    expect(page.text).toContain("<title>page</title>");
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(page.headers["content-security-policy"]).not.toContain("unsafe");
    expect(page.headers["x-content-type-options"]).toBe("nosniff");
    expect(page.headers["cache-control"]).toBe("no-store");
    const script = await ask("GET", "/assets/main-abc123.js");
    expect(script.headers["content-type"]).toContain("text/javascript");
    expect(script.headers["cache-control"]).toContain("immutable");
  });

  test.each([
    "/../operator-server.ts",
    "/..%2f..%2fetc/passwd",
    "/assets/../../package.json",
    "/secret.key",
    "/assets",
  ])("%s is no page", async (path) => {
    await start();
    expect((await ask("GET", path)).status).toBe(404);
  });

  test("HEAD has the headers and no body", async () => {
    await start();
    const head = await ask("HEAD", "/");
    expect([head.status, head.text]).toEqual([200, ""]);
  });

  test("a page that is not built names the command, and the controls work all the same", async () => {
    rmSync(join(folder, "index.html"));
    await start();
    expect(server.pageProblem).toContain("npm run build --workspace web");
    const page = await ask("GET", "/");
    expect(page.status).toBe(503);
    expect(page.text).toContain("npm run build --workspace web");
    expect((await steer("kill")).status).toBe(200);
    expect(source.calls).toEqual(["kill"]);
  });

  test("healthz tells state and stream", async () => {
    await start();
    const health = JSON.parse((await ask("GET", "/healthz")).text);
    expect(health).toMatchObject({
      status: "ok",
      state: { name: "quoting" },
      stream: { clients: 0 },
    });
  });
});

describe("what is asked for", () => {
  test("vaults: what the venue tells, or that it tells nothing", async () => {
    await start();
    const answer = await ask("GET", "/vaults");
    expect(answer.status).toBe(200);
    expectNoCors(answer);
    expect(JSON.parse(answer.text)).toEqual(await source.vaults());
    source.tellVaults(new Error("no connection"));
    const refused = await ask("GET", "/vaults");
    expect(refused.status).toBe(502);
    expect(refused.text).toContain("no connection");
  });

  test("why: each order with the reason of its price", async () => {
    await start();
    const answer = await ask("GET", "/why?coin=BTC");
    expect(answer.status).toBe(200);
    expectNoCors(answer);
    const why = JSON.parse(answer.text) as WhyView;
    expect(why).toMatchObject({ coin: "BTC", szDecimals: 5, model: { name: "GLFT" } });
    expect(why.orders.map(({ id, reason }) => [id, reason?.px])).toEqual(
      source.view().orders.map(({ id, px }) => [id, px]),
    );
    expect((await ask("GET", "/why")).status).toBe(200);
    const other = await ask("GET", "/why?coin=ETH");
    expect(other.status).toBe(404);
    expect(other.text).toContain("this maker quotes BTC, not ETH");
    expect((await ask("POST", "/why")).status).toBe(405);
  });

  test("series: rows so far, under the names of their columns", async () => {
    await start({ seriesMs: 5 });
    const listener = listen();
    await listener.until(has("series"));
    listener.socket.close();
    for (const step of ["fine", "coarse"]) {
      const answer = await ask("GET", `/series?step=${step}`);
      expect(answer.status).toBe(200);
      const { columns, rows } = JSON.parse(answer.text) as { columns: string[]; rows: number[][] };
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
    expect((await ask("GET", "/series?step=none")).status).toBe(400);
  });
});

describe("controls", () => {
  test("each reaches the source once and answers in its words", async () => {
    await start();
    for (const name of ["pause", "resume", "cancel-all", "kill"]) {
      const answer = await steer(name);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject({ ok: true });
    }
    expect((await steer("rearm", '{"confirm":"rearm"}')).status).toBe(200);
    expect(source.calls).toEqual(["pause", "resume", "cancelAll", "kill", "rearm"]);
  });

  test("those that need it reach the source with what they name", async () => {
    await start();
    expect((await steer("flatten", '{"confirm":"BTC"}')).status).toBe(200);
    expect((await steer("cancel-order", '{"id":"0x12"}')).status).toBe(200);
    expect((await steer("configure", '{"changes":{"levels":5}}')).status).toBe(200);
    const refused = await steer("configure", '{"changes":{"levels":15}}');
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("the deepest level lies beyond");
    expect(source.calls).toEqual([
      "flatten",
      "cancelOrder 0x12",
      'configure {"levels":5}',
      'configure {"levels":15}',
    ]);
  });

  test("what was done is kept for the operator to look up", async () => {
    await start();
    await steer("cancel-all");
    await steer("configure", '{"changes":{"levels":15}}');
    const listener = listen();
    await listener.until(has("snapshot"));
    const [snapshot] = listener.got;
    const events = snapshot?.type === "snapshot" ? snapshot.view.events : [];
    expect(events.map(({ tone, text }) => `${tone} ${text}`)).toEqual([
      "bad configure: the deepest level lies beyond quoteDistanceBpsMax",
      "plain cancel-all: canceled 6 of 6 orders",
    ]);
    listener.socket.close();
  });

  test("the page's own origin may steer", async () => {
    await start();
    const origin = `http://127.0.0.1:${server.port}`;
    expect((await steer("pause", "{}", { origin })).status).toBe(200);
  });

  test.each([
    ["hostile origin", { origin: "http://evil.example" }],
    ["origin of a sandboxed page", { origin: "null" }],
    ["neighbour's port", { origin: "http://127.0.0.1:1" }],
    ["hostile host", { host: "rebound.example" }],
    ["cross-site by the browser's word", { "sec-fetch-site": "cross-site" }],
  ])("%s is refused and nothing happens", async (_, headers: Record<string, string>) => {
    await start();
    const answer = await steer("kill", "{}", headers);
    expect(answer.status).toBe(403);
    expectNoCors(answer);
    expect(source.calls).toEqual([]);
  });

  test("a preflight is refused and carries no leave", async () => {
    await start();
    const origin = "http://evil.example";
    const headers = { origin, "access-control-request-method": "POST" };
    for (const [path, status] of [
      ["/control/kill", 403],
      ["/", 405],
    ] as const) {
      const answer = await ask("OPTIONS", path, { headers });
      expect(answer.status).toBe(status);
      expectNoCors(answer);
    }
  });

  test.each([
    ["GET", "/control/kill", {}, undefined, 405],
    ["POST", "/control/sell", JSON_TYPE, "{}", 404],
    ["POST", "/control/flatten", JSON_TYPE, "{}", 400],
    ["POST", "/control/flatten", JSON_TYPE, '{"confirm":"ETH"}', 400],
    ["POST", "/control/cancel-order", JSON_TYPE, '{"id":7}', 400],
    ["POST", "/control/configure", JSON_TYPE, '{"changes":{}}', 400],
    ["POST", "/control/configure", JSON_TYPE, '{"changes":{"levels":"5"}}', 400],
    ["POST", "/control/constructor", JSON_TYPE, "{}", 404],
    ["POST", "/control/kill", { "content-type": "text/plain" }, "{}", 415],
    ["POST", "/control/kill", JSON_TYPE, "[1]", 400],
    ["POST", "/control/kill", JSON_TYPE, "{", 400],
    ["POST", "/control/kill", JSON_TYPE, `{"x":"${"y".repeat(5000)}"}`, 413],
    ["POST", "/control/rearm", JSON_TYPE, "{}", 400],
    ["PUT", "/", JSON_TYPE, "{}", 405],
  ])("%s %s with %o %s answers %i", async (method, path, headers, body, status) => {
    await start();
    const withBody = body === undefined ? {} : { body };
    const answer = await ask(method, path, {
      headers: headers as Record<string, string>,
      ...withBody,
    });
    expect(answer.status).toBe(status);
    expectNoCors(answer);
    expect(source.calls).toEqual([]);
  });

  test("a control that throws is answered as a failure, and told", async () => {
    const told: string[] = [];
    const kill = (): never => {
      throw new Error("venue does not answer");
    };
    source = { ...source, controls: { ...source.controls, kill } };
    await start({ log: (message) => told.push(message) });
    const answer = await steer("kill");
    expect(answer.status).toBe(500);
    expect(answer.text).toContain("venue does not answer");
    expect(told.join()).toContain("venue does not answer");
  });

  test("a control that was refused is a conflict", async () => {
    const resume = () => ({ ok: false, message: "killed: re-arm first" });
    source = { ...source, controls: { ...source.controls, resume } };
    await start();
    expect((await steer("resume")).status).toBe(409);
  });
});

/** A page's end of the stream that keeps what it got. */
interface Listener {
  readonly socket: WebSocket;
  readonly got: StreamMessage[];
  until(holds: (got: readonly StreamMessage[]) => boolean): Promise<void>;
}

function listen(headers: Record<string, string> = {}): Listener {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/stream`, { headers });
  const got: StreamMessage[] = [];
  socket.on("message", (data) => got.push(JSON.parse(String(data)) as StreamMessage));
  return {
    socket,
    got,
    until: async (holds) => {
      while (!holds(got)) await once(socket, "message");
    },
  };
}

const has = (type: StreamMessage["type"]) => (got: readonly StreamMessage[]) =>
  got.some((message) => message.type === type);

describe("stream", () => {
  test("a snapshot, then numbered updates; fills at once", async () => {
    await start();
    const page = listen();
    await page.until(has("kpi"));
    source.fill();
    await page.until(has("fills"));
    expect(page.got[0]?.type).toBe("snapshot");
    page.got.forEach((message, i) => {
      if (i > 0) expect(message.seq).toBe((page.got[i - 1] as StreamMessage).seq + 1);
    });
  });

  test("a page that asks gets a snapshot", async () => {
    await start();
    const page = listen();
    await page.until(has("snapshot"));
    page.socket.send("snapshot");
    await page.until((got) => got.filter((message) => message.type === "snapshot").length === 2);
  });

  test.each([
    ["hostile origin", { origin: "http://evil.example" }],
    ["hostile host", { host: "rebound.example" }],
  ])("%s does not get in", async (_, headers) => {
    await start();
    const { socket } = listen(headers);
    const [, answer] = await once(
      socket.on("error", () => undefined),
      "unexpected-response",
    );
    expect(answer.statusCode).toBe(403);
    socket.terminate();
    expect(server.stats().clients).toBe(0);
  });

  test("the own origin gets in", async () => {
    await start();
    const page = listen({ origin: `http://127.0.0.1:${server.port}` });
    await page.until(has("snapshot"));
  });

  test("one page over the bound is refused, and let in when another left", async () => {
    await start({ clientsMax: 1 });
    const first = listen();
    await first.until(has("snapshot"));
    const second = listen();
    const [, answer] = await once(
      second.socket.on("error", () => undefined),
      "unexpected-response",
    );
    expect(answer.statusCode).toBe(503);
    second.socket.terminate();
    first.socket.close();
    await once(first.socket, "close");
    await listen().until(has("snapshot"));
  });

  test("a page that sends too much is closed", async () => {
    await start();
    const page = listen();
    await page.until(has("snapshot"));
    page.socket.send("x".repeat(5000));
    const [code] = await once(page.socket, "close");
    expect(code).toBe(1009);
  });

  test("a page that reads nothing costs a bounded buffer, then gets a snapshot and no gap", async () => {
    await start({ bufferedMax: 64 * 1024, ladderMs: 1, kpiMs: 1 });
    const reasons = Array.from({ length: 2000 }, (_, i) => `reason ${i} ${"x".repeat(90)}`);
    const slow = listen();
    await slow.until(has("snapshot"));
    slow.socket.pause();
    const quick = listen();
    for (let i = 0; server.stats().dropped === 0; i += 1) {
      source.set({ state: { name: "quoting", reasons: [`${i}`, ...reasons] } });
      await once(quick.socket, "message");
    }
    source.set({ state: { name: "quoting", reasons: [] } });
    const before = server.stats().snapshots;
    slow.socket.resume();
    await slow.until((got) => got.filter((message) => message.type === "snapshot").length === 2);
    await slow.until((got) => got.at(-1)?.type === "kpi");
    expect(server.stats().snapshots).toBeGreaterThan(before);
    slow.got.forEach((message, i) => {
      const previous = slow.got[i - 1]?.seq ?? 0;
      if (message.type !== "snapshot") expect(message.seq).toBe(previous + 1);
    });
  });
});

describe("port", () => {
  test("a taken port: the next free one, and the result says so", async () => {
    const blocker = createTcpServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    await start({ port });
    expect(server.port).toBeGreaterThan(port);
    expect(server.portTaken).toBe(port);
    expect((await ask("GET", "/healthz")).status).toBe(200);
    blocker.close();
  });

  test("no free port in reach is a failure that names the cause", async () => {
    const blocker = createTcpServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    await expect(start({ port, portsMore: 0 })).rejects.toThrow("EADDRINUSE");
    blocker.close();
    await start();
  });

  test("nothing but 127.0.0.1 is bound, not even its neighbours", async () => {
    await start();
    const socket = connect(server.port, "127.0.0.2");
    const [error] = await once(socket, "error");
    expect(error.code).toBe("ECONNREFUSED");
  });

  test("close ends pages and frees the port", async () => {
    await start();
    const page = listen();
    await page.until(has("snapshot"));
    const closed = once(page.socket, "close");
    await server.close();
    await closed;
    await expect(ask("GET", "/healthz")).rejects.toThrow("ECONNREFUSED");
    await start();
  });
});
