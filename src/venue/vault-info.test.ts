import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createVaultInfo } from "./vault-info.ts";

let server: Server;
let asked = 0;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A venue that answers everything so. */
async function venue(status: number, body: string): Promise<string> {
  asked = 0;
  server = createServer((request, response) => {
    asked += 1;
    request.resume();
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a venue that refuses the question has none, and is not asked again at once", async () => {
  const ask = createVaultInfo(await venue(422, '"Failed to deserialize"'), false);
  expect(await ask()).toBeNull();
  expect(await ask()).toBeNull();
  expect(asked).toBeLessThanOrEqual(2);
});

test("many pages are one question", async () => {
  const ask = createVaultInfo(await venue(200, "[]"), false);
  const [first, second] = await Promise.all([ask(), ask()]);
  expect([first, second]).toEqual([
    { vaults: [], pools: [] },
    { vaults: [], pools: [] },
  ]);
  expect(asked).toBe(2);
});

test("an answer of another shape is an error, not a page full of nonsense", async () => {
  const ask = createVaultInfo(await venue(200, '[{"name":"x"}]'), false);
  await expect(ask()).rejects.toThrow();
});

test("a venue that fails is not one without vaults", async () => {
  const ask = createVaultInfo(await venue(500, '"down"'), false);
  await expect(ask()).rejects.toThrow();
});
