/** A maker and the model venue on one clock, driven stride by stride. */
import { nextBelow, nextUnit } from "../../src/base/prng.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { MAKER_CONFIG_DEFAULTS, type MakerConfig } from "../../src/maker/config.ts";
import { type MakerControl, onControl, onTimer, onVenueEvent } from "../../src/maker/maker.ts";
import { createMaker, type Maker } from "../../src/maker/maker-state.ts";
import {
  advanceModel,
  CLEAN_LINK,
  createModelVenue,
  hitBest,
  MODEL_SPEC,
  type ModelVenue,
  pushBook,
  sendToModel,
  setStreams,
} from "./model-venue.ts";

/** Position limit [lots]. */
export const LIMIT = 3_000;
/** Time of one stride [ms]. */
export const STEP_MS = 50;

/** Maker and venue. */
export interface World {
  readonly venue: ModelVenue;
  readonly maker: Maker;
}

/** A world of a seed with connected streams; nothing has moved yet. */
export function createWorld(seed: number, overrides: Partial<MakerConfig> = {}): World {
  const venue = createModelVenue(seed);
  const config = {
    ...MAKER_CONFIG_DEFAULTS,
    asset: "BTC",
    model: "fixedSpread" as const,
    sessionId: seed % 1_000,
    maxPositionContracts: LIMIT,
    levelNotional: 700_000_000,
    rejectStormCount: 100_000,
    maxDrawdown: 1,
    maxDailyLoss: 10 ** 15,
    // Shorter than the longest delay, so that outcomes come late and placements arrive late.
    requestTimeoutMs: 600,
    placeLifetimeMs: 2_000,
    ...overrides,
  };
  const maker = createMaker(config);
  venue.listener = (event) => {
    for (const request of onVenueEvent(maker, event, venue.nowMs)) sendToModel(venue, request);
  };
  venue.listener({ kind: "marketSpec", spec: MODEL_SPEC });
  setStreams(venue, true);
  return { venue, maker };
}

/** Hands a control to the maker. */
export function control({ venue, maker }: World, what: MakerControl): void {
  for (const request of onControl(maker, what, venue.nowMs)) sendToModel(venue, request);
}

/** One stride of time: the market moves, strangers trade, the timer runs. */
function stride({ venue, maker }: World, wild: boolean): void {
  const { prng } = venue;
  advanceModel(venue, venue.nowMs + STEP_MS);
  if (wild) {
    if (nextUnit(prng) < 0.3) venue.midPx += (nextBelow(prng, 7) - 3) * 100;
    const side = nextUnit(prng) < 0.5 ? BUY : SELL;
    if (nextUnit(prng) < 0.3) hitBest(venue, side, 1 + nextBelow(prng, 900));
    if (!venue.streamsUp) setStreams(venue, nextUnit(prng) < 0.2);
    else if (nextUnit(prng) < 0.005) setStreams(venue, false);
    // An operator who cancels all catches placements on their way.
    if (nextUnit(prng) < 0.01) control({ venue, maker }, { kind: "cancelAll" });
  }
  pushBook(venue);
  for (const request of onTimer(maker, venue.nowMs)) sendToModel(venue, request);
}

/** Strides, wild or calm, with a check after each. */
export function strides(world: World, count: number, { wild, check }: StrideOptions): void {
  for (let i = 0; i < count; i++) {
    stride(world, wild);
    check?.();
  }
}

/** How to stride. */
export interface StrideOptions {
  readonly wild: boolean;
  readonly check?: () => void;
}

/** Position of the venue if all open orders of one side were filled. */
export function trueWorst(venue: ModelVenue): { long: number; short: number } {
  let long = venue.position;
  let short = venue.position;
  for (const order of venue.live.values()) {
    if (order.side === BUY) long += order.sz;
    else short -= order.sz;
  }
  return { long, short };
}

/** Calm strides over a clean link with the streams up. */
export function settle(world: World, count: number): void {
  world.venue.faults = CLEAN_LINK;
  if (!world.venue.streamsUp) setStreams(world.venue, true);
  strides(world, count, { wild: false });
}
