/** `bourse vault list`: the vaults that an exchange tells of. */
import { askInfoList, requireAddress } from "./info-request.ts";
import { type CommonFlags, openSession } from "./session.ts";
import { tableLines } from "./text-table.ts";

/** Flags of the command. */
export interface VaultListFlags extends CommonFlags {
  readonly url: string;
  /** Address whose vaults are asked for, however old. */
  readonly leader?: string;
}

interface Summary {
  readonly name: string;
  readonly vaultAddress: string;
  readonly leader: string;
  readonly tvl: string;
  readonly isClosed: boolean;
  readonly createTimeMillis: number;
}

interface Led {
  readonly address: string;
  readonly name: string;
}

/** Lists the vaults of the last two hours, which is what the exchange lists, or those of a leader. */
export async function runVaultList(flags: VaultListFlags): Promise<void> {
  const { output } = openSession(flags);
  if (flags.leader !== undefined) {
    const user = requireAddress(flags.leader);
    const led = await askInfoList<Led>(flags.url, { type: "leadingVaults", user });
    if (led.length === 0) output.say(`${user} leads no vault`);
    else for (const line of ledLines(led)) output.say(line);
    for (const vault of led) output.emit({ kind: "vault", ...vault });
    return;
  }
  const vaults = await askInfoList<Summary>(flags.url, { type: "vaultSummaries" });
  for (const line of vaultLines(vaults)) output.say(line);
  for (const vault of vaults) output.emit({ kind: "vault", ...vault });
}

const ledLines = (led: readonly Led[]): string[] =>
  tableLines(
    [{ title: "vault" }, { title: "address" }],
    led.map(({ name, address }) => [name, address]),
  );

/** The answer for people. */
export function vaultLines(vaults: readonly Summary[]): string[] {
  if (vaults.length === 0)
    return ["no vault was opened in the last two hours; --leader ADDRESS lists older ones"];
  return tableLines(
    [
      { title: "vault" },
      { title: "address" },
      { title: "leader" },
      { title: "worth [USDC]", align: "right" },
      { title: "state" },
      { title: "opened" },
    ],
    vaults.map(({ name, vaultAddress, leader, tvl, isClosed, createTimeMillis }) => [
      name,
      vaultAddress,
      leader,
      tvl,
      isClosed ? "closed" : "open",
      new Date(createTimeMillis).toISOString(),
    ]),
  );
}
