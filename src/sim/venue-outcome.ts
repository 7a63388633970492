/** Turns the events of a command into the outcome that its sender gets. */
import { rejectName } from "../base/reject-code.ts";
import { type ExchangeEvent, readEvents } from "../exchange/event-codec.ts";
import type { Release } from "../journal/commit-group.ts";
import type { ItemStatus, RequestOutcome } from "../maker/venue.ts";
import { refusalCode } from "./refusal-code.ts";

/** Outcome of a batch of `items` placements or cancels. */
export function batchOutcome(release: Release, items: number): RequestOutcome {
  const events = readEvents(release.ring, release.from, release.to);
  const refusal = refusalOf(events);
  if (refusal !== null) return refusal;
  const statuses = Array.from({ length: items }, (_, item) =>
    itemStatus(events.filter((event) => event.item === item)),
  );
  return { kind: "statuses", statuses };
}

/** Outcome of a command that is taken or refused as a whole. */
export function wholeOutcome(release: Release): RequestOutcome {
  return refusalOf(readEvents(release.ring, release.from, release.to)) ?? { kind: "accepted" };
}

function refusalOf(events: readonly ExchangeEvent[]): RequestOutcome | null {
  const rejected = events.find((event) => event.kind === "commandRejected");
  if (rejected === undefined) return null;
  return { kind: "refused", ...refused(rejected.code) };
}

function itemStatus(events: readonly ExchangeEvent[]): ItemStatus {
  let filledSz = 0;
  let oid = 0;
  for (const event of events) {
    switch (event.kind) {
      case "orderRejected":
      case "cancelRejected":
        return { kind: "error", ...refused(event.code) };
      case "orderRested":
        return { kind: "resting", oid: event.oid };
      case "fill":
        filledSz += event.sz;
        oid = event.oid;
        break;
      case "orderCanceled":
        if (filledSz === 0) return { kind: "canceled" };
        break;
      default:
        break;
    }
  }
  return { kind: "filled", oid, sz: filledSz };
}

const refused = (code: number) => ({
  code: refusalCode(code),
  text: rejectName(code) ?? "refused",
});
