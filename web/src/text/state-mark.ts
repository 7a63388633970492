/** Glyph and word of each state, so that colour never speaks alone. */
import type { LinkState } from "../stream/market-store.ts";
import type { View } from "../stream/stream-message.ts";

/** Marks of the maker's states. */
export const STATE_MARKS: Readonly<
  Record<View["state"]["name"], { readonly glyph: string; readonly word: string }>
> = {
  starting: { glyph: "○", word: "STARTING" },
  quoting: { glyph: "▶", word: "QUOTING" },
  paused: { glyph: "‖", word: "PAUSED" },
  stale: { glyph: "◐", word: "STALE" },
  killed: { glyph: "■", word: "KILLED" },
};

/** Marks of the stream's states. */
export const LINK_MARKS: Readonly<
  Record<LinkState["kind"], { readonly glyph: string; readonly word: string }>
> = {
  connecting: { glyph: "○", word: "CONNECTING" },
  live: { glyph: "●", word: "LIVE" },
  stale: { glyph: "◐", word: "STALE" },
  gap: { glyph: "✕", word: "GAP" },
  outdated: { glyph: "✕", word: "RELOAD THIS PAGE" },
};

/** What each venue puts at stake. */
export const VENUE_WORDS: Readonly<Record<View["venue"], string>> = {
  SIM: "simulated",
  LOCAL: "local exchange",
  TESTNET: "test money",
  MAINNET: "real money",
};

/** Marks of how a side is quoted. */
export const SIDE_MARKS: Readonly<
  Record<"quoting" | "partial" | "off", { readonly glyph: string; readonly word: string }>
> = {
  quoting: { glyph: "▶", word: "quoting" },
  partial: { glyph: "◐", word: "partly" },
  off: { glyph: "■", word: "off" },
};
