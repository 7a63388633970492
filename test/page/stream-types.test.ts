import { expect, test } from "vitest";
import { FILLS_SHOWN } from "../../src/operator/operator-source.ts";
import {
  OPERATOR_SCHEMA,
  type StreamMessage as ServerMessage,
} from "../../src/operator/stream-message.ts";
import { FILLS_KEPT } from "../../web/src/stream-fold.ts";
import { type StreamMessage as PageMessage, VIEW_SCHEMA } from "../../web/src/stream-message.ts";

type Takes<To, From extends To> = [To, From];

test("the page's copy of the stream's types is the server's, both ways", () => {
  // The compiler is the judge: either line fails to compile where the copies part.
  const serverToPage: Takes<PageMessage, ServerMessage> | undefined = undefined;
  const pageToServer: Takes<ServerMessage, PageMessage> | undefined = undefined;
  expect([serverToPage, pageToServer]).toEqual([undefined, undefined]);
  expect([VIEW_SCHEMA, FILLS_KEPT]).toEqual([OPERATOR_SCHEMA, FILLS_SHOWN]);
});
