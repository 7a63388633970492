import { addAccount } from "../account/account.ts";
import { addSigner, ROLE } from "../account/signer.ts";
import { addOwnerRow } from "../book/order-table.ts";
import type { CommandRecord } from "../command.ts";
import { beginEvent, type Core, lastEventByte } from "../core.ts";
import { EVENT } from "../event.ts";

/** Opens an account for the address that a command has at `at`; returns it. Its tables have room. */
export function openAccount(core: Core, { bytes }: CommandRecord, at: number): number {
  const account = addAccount(core.accounts, bytes, at);
  addOwnerRow(core.orders);
  addSigner(core.signers, { bytes, at, account, role: ROLE.master });
  beginEvent(core, EVENT.accountOpened, account, -1, 0);
  core.events.bytes.set(bytes.subarray(at, at + 20), lastEventByte(core));
  return account;
}
