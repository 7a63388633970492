/** Addresses and agents of accounts. */
import type { Hex } from "../base/hex.ts";
import type { ExchangeEvent } from "../exchange/event-codec.ts";

/** Stands for accounts without an address of their own. */
export const ZERO_ADDRESS: Hex = "0x0000000000000000000000000000000000000000";

/** A key that may sign for an account. */
export interface AgentView {
  readonly address: Hex;
  /** Empty for the unnamed agent. */
  readonly name: string;
  /** [ms] */
  readonly validUntilMs: number;
}

/** The model: both directions of address and account, and agents by account. */
export interface AccountDirectory {
  readonly addresses: Map<number, Hex>;
  readonly accounts: Map<Hex, number>;
  readonly agents: Map<number, AgentView[]>;
}

/** A directory without accounts. */
export const createAccountDirectory = (): AccountDirectory => ({
  addresses: new Map(),
  accounts: new Map(),
  agents: new Map(),
});

/** Learns an account's address. */
export function noteAccount(directory: AccountDirectory, account: number, address: Hex): void {
  directory.addresses.set(account, address);
  directory.accounts.set(address, account);
}

/** Folds an agent's coming or going: a name has one agent, and an agent one name. */
export function foldAgent(
  directory: AccountDirectory,
  event: ExchangeEvent & { kind: "agentApproved" | "agentRemoved" },
): void {
  const agents = (directory.agents.get(event.account) ?? []).filter(
    ({ name, address }) => name !== event.name && address !== event.agent,
  );
  if (event.kind === "agentApproved") {
    agents.push({ address: event.agent, name: event.name, validUntilMs: event.validUntilMs });
  }
  directory.agents.set(event.account, agents);
}

/** The account that has a lower-case address; -1 = none. */
export const accountOf = (directory: AccountDirectory, address: Hex): number =>
  directory.accounts.get(address) ?? -1;

/** An account's address, all zero for accounts of the exchange itself. */
export const addressOf = (directory: AccountDirectory, account: number): Hex =>
  directory.addresses.get(account) ?? ZERO_ADDRESS;

/** An account's agents in order of approval. */
export const agentsOf = (directory: AccountDirectory, account: number): readonly AgentView[] =>
  directory.agents.get(account) ?? [];
