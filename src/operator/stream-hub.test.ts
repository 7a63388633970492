import { describe, expect, test } from "vitest";
import { createFakeSource } from "../../test/page/fake-source.ts";
import { createStreamHub, type StreamClient } from "./stream-hub.ts";
import type { StreamMessage } from "./stream-message.ts";

interface Page extends StreamClient {
  readonly got: StreamMessage[];
  buffered: number;
}

function createPage(): Page {
  const page: Page = {
    got: [],
    buffered: 0,
    send: (text) => void page.got.push(JSON.parse(text) as StreamMessage),
    bufferedAmount: () => page.buffered,
  };
  return page;
}

function setUp() {
  const source = createFakeSource();
  const hub = createStreamHub({ source, bufferedMax: 1000 });
  const page = createPage();
  hub.add(page);
  return { source, hub, page };
}

const kinds = (page: Page): string[] => page.got.map((message) => message.type);
const seqs = (page: Page): number[] => page.got.map((message) => message.seq);

describe("what goes out", () => {
  test("a snapshot first, then updates numbered without a gap", () => {
    const { source, hub, page } = setUp();
    hub.tickLadder();
    hub.tickKpi();
    source.fill();
    hub.tickChanges();
    expect(kinds(page)).toEqual(["snapshot", "ladder", "kpi", "fills", "events", "state"]);
    expect(seqs(page)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(page.got[0]).toMatchObject({ schema: 2, view: { coin: "BTC", events: [] } });
  });

  test("an unchanged ladder stays home; key figures go out regardless", () => {
    const { source, hub, page } = setUp();
    hub.tickLadder();
    hub.tickLadder();
    hub.tickKpi();
    hub.tickKpi();
    source.step();
    hub.tickLadder();
    expect(kinds(page)).toEqual(["snapshot", "ladder", "kpi", "kpi", "ladder"]);
  });

  test("each fill goes out once, several at a time newest first", () => {
    const { source, hub, page } = setUp();
    hub.tickChanges();
    source.fill();
    source.fill();
    hub.tickChanges();
    hub.tickChanges();
    source.fill();
    hub.tickChanges();
    const tids = page.got.flatMap((message) =>
      message.type === "fills" ? [message.part.fills.map((fill) => fill.tid)] : [],
    );
    expect(tids).toEqual([[2, 1], [3]]);
  });

  test("a snapshot that showed a passing state is followed by the state after it", () => {
    const { source, hub, page } = setUp();
    hub.tickChanges();
    const before = source.view().state;
    source.set({ state: { name: "stale", reasons: ["no book"] } });
    hub.requestSnapshot(page);
    hub.tickLadder();
    source.set({ state: before });
    hub.tickChanges();
    const last = page.got.at(-1);
    expect(last).toMatchObject({ type: "state", part: { state: before } });
  });

  test("a row of the series with the slow figures; the row is kept, page or no page", () => {
    const { source, hub, page } = setUp();
    hub.tickSeries();
    expect(kinds(page)).toEqual(["snapshot", "detail", "series"]);
    hub.remove(page);
    source.step();
    hub.tickSeries();
    const { columns, rows } = JSON.parse(hub.series.json("fine")) as {
      columns: string[];
      rows: number[][];
    };
    const mid = columns.indexOf("mid");
    const sent = page.got.at(-1);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual(sent?.type === "series" ? sent.part.row : null);
    expect(rows[1]?.[mid]).toBe(source.view().mid);
  });

  test("an event goes out once and is in the next snapshot", () => {
    const { hub, page } = setUp();
    hub.tickChanges();
    hub.events.note({ timeMs: 5, tone: "warn", text: "something" });
    hub.tickChanges();
    hub.tickChanges();
    const told = page.got.filter((message) => message.type === "events");
    expect(told.map(({ part }) => part.events.map(({ text }) => text))).toEqual([
      ["quoting: ask widened x1.4: inventory"],
      ["something"],
    ]);
    const late = createPage();
    hub.add(late);
    expect(late.got[0]).toMatchObject({ view: { events: [{ text: "something" }, { id: 1 }] } });
  });

  test("a changed setting goes out at once with the state", () => {
    const { source, hub, page } = setUp();
    hub.tickChanges();
    source.controls.configure({ levels: 5 });
    hub.tickChanges();
    const last = page.got.at(-1);
    const levels = source.view().parameters.find(({ key }) => key === "levels");
    expect(levels?.value).toBe(5);
    expect(last).toMatchObject({ type: "state", part: { parameters: expect.anything() } });
  });

  test("nobody there: the source is not even read", () => {
    const source = createFakeSource();
    let reads = 0;
    const view = () => {
      reads += 1;
      return source.view();
    };
    const counted = { ...source, view };
    const hub = createStreamHub({ source: counted, bufferedMax: 1000 });
    hub.tickLadder();
    hub.tickKpi();
    hub.tickChanges();
    expect(reads).toBe(0);
  });
});

describe("who is behind", () => {
  test("gets nothing while its buffer is over the bound, then a snapshot and no gap", () => {
    const { source, hub, page } = setUp();
    const other = createPage();
    hub.add(other);
    page.buffered = 1001;
    for (let i = 0; i < 5; i += 1) {
      source.step();
      hub.tickLadder();
    }
    expect(kinds(page)).toEqual(["snapshot"]);
    expect(kinds(other).length).toBe(6);
    page.buffered = 501;
    hub.tickLadder();
    expect(kinds(page)).toEqual(["snapshot"]);
    page.buffered = 0;
    hub.tickLadder();
    hub.tickKpi();
    expect(kinds(page)).toEqual(["snapshot", "snapshot", "ladder", "kpi"]);
    expect(seqs(page).slice(1)).toEqual([5, 6, 7]);
    expect(hub.stats()).toMatchObject({ clients: 2, dropped: 5, snapshots: 3 });
  });

  test("a fill missed while behind is in the snapshot", () => {
    const { source, hub, page } = setUp();
    page.buffered = 5000;
    source.fill();
    hub.tickChanges();
    page.buffered = 0;
    hub.tickLadder();
    const snapshot = page.got[1];
    expect(snapshot?.type === "snapshot" && snapshot.view.fills.map((fill) => fill.tid)).toEqual([
      1,
    ]);
  });

  test("asking for snapshots a hundred times brings one", () => {
    const { hub, page } = setUp();
    for (let i = 0; i < 100; i += 1) hub.requestSnapshot(page);
    hub.tickLadder();
    expect(kinds(page)).toEqual(["snapshot", "snapshot", "ladder"]);
  });

  test("a client that left gets nothing, not even what it asked for", () => {
    const { hub, page } = setUp();
    hub.remove(page);
    hub.requestSnapshot(page);
    hub.tickLadder();
    expect(kinds(page)).toEqual(["snapshot"]);
    expect(hub.stats().clients).toBe(0);
  });
});
