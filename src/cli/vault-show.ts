/** `bourse vault show`: a vault's terms and who holds it. */
import { EXIT, ExitError } from "./exit-code.ts";
import { askInfo, requireAddress } from "./info-request.ts";
import { type CommonFlags, openSession } from "./session.ts";
import { tableLines } from "./text-table.ts";

/** Flags of the command. */
export interface VaultShowFlags extends CommonFlags {
  readonly url: string;
}

interface Follower {
  readonly user: string;
  readonly vaultEquity: string;
  readonly pnl: string;
  readonly lockupUntil: number;
}

interface Details {
  readonly name: string;
  readonly vaultAddress: string;
  readonly leader: string;
  readonly description: string;
  readonly leaderFraction: number;
  readonly leaderCommission: number;
  readonly maxDistributable: number;
  readonly followers: readonly Follower[];
  readonly isClosed: boolean;
  readonly allowDeposits: boolean;
}

/** Asks for a vault and prints it. */
export async function runVaultShow(address: string, flags: VaultShowFlags): Promise<void> {
  const { output } = openSession(flags);
  const vaultAddress = requireAddress(address);
  const vault = (await askInfo(flags.url, {
    type: "vaultDetails",
    vaultAddress,
  })) as Details | null;
  if (vault === null)
    throw new ExitError(EXIT.notFound, `there is no vault ${vaultAddress} at ${flags.url}`);
  for (const line of detailLines(vault)) output.say(line);
  output.emit({ kind: "vault", ...vault });
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** The answer for people. */
export function detailLines(vault: Details): string[] {
  const { name, description, leader, followers } = vault;
  const doors = vault.allowDeposits ? "takes deposits" : "takes no deposits";
  return [
    `${name}: ${description}`,
    `  address  ${vault.vaultAddress}`,
    `  leader   ${leader}, holds ${percent(vault.leaderFraction)}, takes ${percent(vault.leaderCommission)} of profit`,
    `  state    ${vault.isClosed ? "closed" : "open"}, ${doors}, ${vault.maxDistributable} USDC withdrawable`,
    "",
    ...tableLines(
      [
        { title: "holder" },
        { title: "worth [USDC]", align: "right" },
        { title: "PnL [USDC]", align: "right" },
        { title: "locked until" },
      ],
      followers.map(({ user, vaultEquity, pnl, lockupUntil }) => [
        user,
        vaultEquity,
        pnl,
        lockupUntil === 0 ? "" : new Date(lockupUntil).toISOString(),
      ]),
    ),
  ];
}
