import type { RejectCode } from "../base/reject-code.ts";
import { type CommandRecord, SIGNER_AT } from "./command.ts";
import { beginEvent, type Core, lastEventByte } from "./core.ts";
import { EVENT, ORDER_EVENT } from "./event.ts";

/** Says that a whole command was refused: why, with the figures of the reject, and whose address it named. */
export function rejectCommand(
  core: Core,
  record: CommandRecord,
  refusal: { account: number; code: RejectCode | number; a?: number; b?: number; c?: number },
): void {
  const lane = beginEvent(core, EVENT.commandRejected, refusal.account, -1, 0);
  const { lanes, bytes } = core.events;
  lanes[lane + ORDER_EVENT.code] = refusal.code;
  lanes[lane + ORDER_EVENT.a] = refusal.a ?? 0;
  lanes[lane + ORDER_EVENT.b] = refusal.b ?? 0;
  lanes[lane + ORDER_EVENT.c] = refusal.c ?? 0;
  bytes.set(record.bytes.subarray(SIGNER_AT, SIGNER_AT + 20), lastEventByte(core));
}
