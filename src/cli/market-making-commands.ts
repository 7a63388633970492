/** Commands about what the exchange itself runs for its users: vaults, pools, grids and quotes. */
import { Command } from "commander";

/** What the commands take from the program that they hang in. */
export interface CommandSurroundings {
  /** Exchange that is asked unless another is named. */
  readonly url: string;
  /** Adds the flags that every command has. */
  readonly withCommonFlags: (command: Command) => Command;
}

/** `vault`, `pool`, `grid` and `quote`, each with its own commands below it. */
export function marketMakingCommands({ url, withCommonFlags }: CommandSurroundings): Command[] {
  const asking = (name: string): Command =>
    withCommonFlags(new Command(name)).option("--url <url>", "exchange to ask", url);
  const vault = new Command("vault")
    .description("list, show and audit vaults")
    .addCommand(vaultListCommand(asking))
    .addCommand(vaultShowCommand(asking))
    .addCommand(withCommonFlags(vaultAuditCommand()));
  const pool = new Command("pool").description("list liquidity pools").addCommand(
    asking("list")
      .description("every liquidity pool, with its worth and what it earned")
      .action(async (flags) => (await import("./pool-list.ts")).runPoolList(flags)),
  );
  const grid = new Command("grid").description("list grids").addCommand(
    asking("list")
      .description("grids that the exchange runs for an account, or for a vault")
      .argument("<account>", "0x address, 40 hex digits")
      .action(async (account, flags) =>
        (await import("./grid-list.ts")).runGridList(account, flags),
      ),
  );
  const quote = new Command("quote").description("list two-sided quotes").addCommand(
    asking("list")
      .description("quotes that the exchange keeps for an account, or for a vault")
      .argument("<account>", "0x address, 40 hex digits")
      .action(async (account, flags) =>
        (await import("./quote-list.ts")).runQuoteList(account, flags),
      ),
  );
  return [vault, pool, grid, quote].map((command) => command.exitOverride());
}

const vaultListCommand = (asking: (name: string) => Command): Command =>
  asking("list")
    .description("vaults that were opened in the last two hours, or those of a leader")
    .option("--leader <address>", "vaults that this address leads, however old")
    .action(async (flags) => (await import("./vault-list.ts")).runVaultList(flags));

const vaultShowCommand = (asking: (name: string) => Command): Command =>
  asking("show")
    .description("a vault's terms and holders")
    .argument("<address>", "the vault's 0x address")
    .action(async (address, flags) =>
      (await import("./vault-show.ts")).runVaultShow(address, flags),
    );

const vaultAuditCommand = (): Command =>
  new Command("audit")
    .description(
      "a vault's books from the engine's state and from the journal's events alone; ends with 1 where they differ",
    )
    .argument("<address>", "the vault's 0x address")
    .option("--data <dir>", "folder of the journal", "./.bourse")
    .action(async (address, flags) =>
      (await import("./vault-audit.ts")).runVaultAudit(address, flags),
    );
