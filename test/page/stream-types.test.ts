import { expect, test } from "vitest";
import { EVENTS_KEPT as EVENTS_SHOWN } from "../../src/operator/event-log.ts";
import { FILLS_SHOWN } from "../../src/operator/operator-view.ts";
import { SERIES_COLUMNS as SERVER_COLUMNS } from "../../src/operator/series-recorder.ts";
import {
  OPERATOR_SCHEMA,
  type StreamMessage as ServerMessage,
} from "../../src/operator/stream-message.ts";
import type { VaultsView } from "../../src/operator/vaults-view.ts";
import { EVENTS_KEPT, FILLS_KEPT } from "../../web/src/stream/stream-fold.ts";
import {
  type StreamMessage as PageMessage,
  SERIES_COLUMNS,
  VIEW_SCHEMA,
} from "../../web/src/stream/stream-message.ts";
import type { Vaults } from "../../web/src/stream/vaults-message.ts";

type Takes<To, From extends To> = [To, From];

test("the page's copy of the stream's types is the server's, both ways", () => {
  // The compiler is the judge: either line fails to compile where the copies part.
  const serverToPage: Takes<PageMessage, ServerMessage> | undefined = undefined;
  const pageToServer: Takes<ServerMessage, PageMessage> | undefined = undefined;
  const vaultsToPage: Takes<Vaults, VaultsView> | undefined = undefined;
  const vaultsToServer: Takes<VaultsView, Vaults> | undefined = undefined;
  expect([serverToPage, pageToServer]).toEqual([undefined, undefined]);
  expect([vaultsToPage, vaultsToServer]).toEqual([undefined, undefined]);
  expect([VIEW_SCHEMA, FILLS_KEPT, EVENTS_KEPT]).toEqual([
    OPERATOR_SCHEMA,
    FILLS_SHOWN,
    EVENTS_SHOWN,
  ]);
  expect(SERIES_COLUMNS).toEqual(SERVER_COLUMNS);
});
