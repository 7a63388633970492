/**
 * What one network address may do: request weight, connections, subscriptions, messages. State per
 * address, created on first use and forgotten once idle; a bucket refills evenly over a minute.
 */
import { createTokenBucket, refillTokens, type TokenBucket, takeTokens } from "./token-bucket.ts";

/** `venue`: the venue's published limits; `off`: bounds that only stop a program gone wild. */
export type LimitsMode = "venue" | "off";

/** Limits of one network address. */
export interface IpLimitFigures {
  /** REST and post weight [1/min]. */
  readonly weightPerMinute: number;
  readonly connectionsMax: number;
  /** New connections [1/min]. */
  readonly openingsPerMinute: number;
  readonly subscriptionsMax: number;
  /** Different users in subscriptions about a user. */
  readonly usersMax: number;
  /** Messages from client to server [1/min]. */
  readonly messagesPerMinute: number;
  /** Posts that wait for their answer. */
  readonly postsMax: number;
}

/** Figures of each mode. */
export const IP_LIMITS: Readonly<Record<LimitsMode, IpLimitFigures>> = {
  venue: {
    weightPerMinute: 1200,
    connectionsMax: 10,
    openingsPerMinute: 30,
    subscriptionsMax: 1000,
    usersMax: 10,
    messagesPerMinute: 2000,
    postsMax: 100,
  },
  off: {
    weightPerMinute: 60_000_000,
    connectionsMax: 1000,
    openingsPerMinute: 60_000,
    subscriptionsMax: 20_000,
    usersMax: 10_000,
    messagesPerMinute: 60_000_000,
    postsMax: 20_000,
  },
};

/** Counters of one address. */
export interface IpLimits {
  readonly figures: IpLimitFigures;
  /** Takes weight; false = the allowance is used up and nothing was taken. */
  spendWeight(ip: string, weight: number): boolean;
  /** Takes weight that is known only after the answer; may leave a debt. */
  chargeWeight(ip: string, weight: number): void;
  /** Counts a new connection; false = refused and not counted. */
  openConnection(ip: string): boolean;
  closeConnection(ip: string): void;
  /** Counts a message from the client; false = refused. */
  takeMessage(ip: string): boolean;
  addSubscription(ip: string): boolean;
  removeSubscription(ip: string): void;
  addUser(ip: string, user: string): boolean;
  removeUser(ip: string, user: string): void;
  addPost(ip: string): boolean;
  removePost(ip: string): void;
  /** Addresses with state. */
  readonly size: number;
}

interface IpState {
  readonly weight: TokenBucket;
  readonly openings: TokenBucket;
  readonly messages: TokenBucket;
  connections: number;
  subscriptions: number;
  posts: number;
  readonly users: Map<string, number>;
}

/** States beyond which idle ones are looked for before another is made. */
const STATES_KEPT = 4096;

const freshState = (figures: IpLimitFigures, nowMs: number): IpState => ({
  weight: createTokenBucket(figures.weightPerMinute, nowMs),
  openings: createTokenBucket(figures.openingsPerMinute, nowMs),
  messages: createTokenBucket(figures.messagesPerMinute, nowMs),
  connections: 0,
  subscriptions: 0,
  posts: 0,
  users: new Map(),
});

const isIdle = ({ connections, posts, weight }: IpState, nowMs: number): boolean =>
  connections === 0 && posts === 0 && refillTokens(weight, nowMs) >= weight.perMinute;

function addCount(state: IpState, key: "subscriptions" | "posts", max: number): boolean {
  if (state[key] >= max) return false;
  state[key] += 1;
  return true;
}

function addUser(users: Map<string, number>, user: string, max: number): boolean {
  const uses = users.get(user);
  if (uses === undefined && users.size >= max) return false;
  users.set(user, (uses ?? 0) + 1);
  return true;
}

function removeUser(users: Map<string, number>, user: string): void {
  const uses = (users.get(user) ?? 1) - 1;
  if (uses <= 0) users.delete(user);
  else users.set(user, uses);
}

/** Limits with the figures of a mode; `clock` counts [ms]. */
export function createIpLimits(mode: LimitsMode, clock: { nowMs(): number }): IpLimits {
  const figures = IP_LIMITS[mode];
  const states = new Map<string, IpState>();

  const stateOf = (ip: string): IpState => {
    const known = states.get(ip);
    if (known !== undefined) return known;
    const nowMs = clock.nowMs();
    if (states.size >= STATES_KEPT) {
      for (const [key, state] of states) if (isIdle(state, nowMs)) states.delete(key);
    }
    const fresh = freshState(figures, nowMs);
    states.set(ip, fresh);
    return fresh;
  };
  const take = (bucket: TokenBucket, amount: number): boolean =>
    takeTokens(bucket, amount, clock.nowMs());
  const drop = (ip: string, key: "connections" | "subscriptions" | "posts"): void => {
    const state = stateOf(ip);
    state[key] = Math.max(0, state[key] - 1);
  };

  return {
    figures,
    get size() {
      return states.size;
    },
    spendWeight: (ip, weight) => take(stateOf(ip).weight, weight),
    chargeWeight(ip, weight) {
      const bucket = stateOf(ip).weight;
      refillTokens(bucket, clock.nowMs());
      bucket.level -= weight;
    },
    openConnection(ip) {
      const state = stateOf(ip);
      if (state.connections >= figures.connectionsMax || !take(state.openings, 1)) return false;
      state.connections += 1;
      return true;
    },
    closeConnection: (ip) => drop(ip, "connections"),
    takeMessage: (ip) => take(stateOf(ip).messages, 1),
    addSubscription: (ip) => addCount(stateOf(ip), "subscriptions", figures.subscriptionsMax),
    removeSubscription: (ip) => drop(ip, "subscriptions"),
    addUser: (ip, user) => addUser(stateOf(ip).users, user, figures.usersMax),
    removeUser: (ip, user) => removeUser(stateOf(ip).users, user),
    addPost: (ip) => addCount(stateOf(ip), "posts", figures.postsMax),
    removePost: (ip) => drop(ip, "posts"),
  };
}
