/** What the venue's refusals mean to the maker, read from their texts: the wire has no codes. */
import type { RefusalCode } from "../maker/venue.ts";

// "canceled" and "filled" stand in one text, and more special texts come before general ones.
const PATTERNS: readonly (readonly [RegExp, RefusalCode])[] = [
  [/^Post only order would have immediately matched/i, "wouldMatch"],
  [/never placed, already canceled, or filled/i, "notLive"],
  [/Client order id is in use|cloid.*(?:in use|duplicate|already)/i, "cloidDuplicate"],
  [/already expired|Invalid nonce/i, "stale"],
  [/Reduce only order would increase/i, "reduceOnly"],
  [/position to exceed|open interest|Too many open orders/i, "positionLimit"],
  [/Insufficient (?:spot )?(?:margin|balance)/i, "margin"],
  [/Too many|rate limit|over weight limit/i, "rateLimited"],
  [
    /divisible by tick|minimum value|invalid (?:price|size)|zero size|too far|away from/i,
    "invalidOrder",
  ],
  [/does not exist\.?$|Must deposit|Unable to recover signer|not registered/i, "identity"],
];

/** The code of a refusal's text; `other` for texts that no rule knows. */
export const refusalCode = (text: string): RefusalCode =>
  PATTERNS.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
