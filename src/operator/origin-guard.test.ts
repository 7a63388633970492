import { describe, expect, test } from "vitest";
import { hostRefusal, isLoopback, originRefusal, type RequestIdentity } from "./origin-guard.ts";

const PORT = 8787;
const own: RequestIdentity = {
  remoteAddress: "127.0.0.1",
  host: "127.0.0.1:8787",
  origin: "http://127.0.0.1:8787",
  fetchSite: "same-origin",
};

test.each([
  ["127.0.0.1", true],
  ["127.8.9.10", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["10.0.0.1", false],
  ["::ffff:10.0.0.1", false],
  ["1270.0.0.1", false],
  ["127.0.0.1.evil.example", false],
  [undefined, false],
])("address %s is loopback: %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

describe("host", () => {
  test.each([
    ["127.0.0.1:8787", true],
    ["localhost:8787", true],
    ["LocalHost:8787", true],
    ["[::1]:8787", true],
    ["127.0.0.1", false],
    ["127.0.0.1:8788", false],
    ["rebound.example:8787", false],
    ["localhost:8787.evil.example", false],
    [undefined, false],
  ])("%s is allowed: %s", (host, allowed) => {
    expect(hostRefusal({ ...own, host }, PORT) === null).toBe(allowed);
  });

  test("an address beyond this machine is refused whatever the host says", () => {
    expect(hostRefusal({ ...own, remoteAddress: "10.0.0.5" }, PORT)).toContain("this machine");
  });
});

describe("origin", () => {
  test.each([
    ["http://127.0.0.1:8787", true],
    [undefined, true],
    ["http://evil.example", false],
    ["http://localhost:8787", false],
    ["https://127.0.0.1:8787", false],
    ["http://127.0.0.1:9999", false],
    ["http://127.0.0.1:8787.evil.example", false],
    ["null", false],
    ["", false],
  ])("%s is allowed on 127.0.0.1:8787: %s", (origin, allowed) => {
    expect(originRefusal({ ...own, origin, fetchSite: undefined }, PORT) === null).toBe(allowed);
  });

  test.each([
    ["same-origin", true],
    ["none", true],
    ["same-site", false],
    ["cross-site", false],
  ])("a browser's word %s is allowed: %s", (fetchSite, allowed) => {
    expect(originRefusal({ ...own, fetchSite }, PORT) === null).toBe(allowed);
  });
});
