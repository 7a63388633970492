/** Colours and fonts of the canvases: the sheet's own variables, read again when the look changes. */
import { lookVersion } from "../look/look.ts";

/** What the drawings paint with. */
export interface Ink {
  readonly text: string;
  readonly soft: string;
  /** Text that is no longer live. */
  readonly old: string;
  readonly line: string;
  readonly raised: string;
  readonly ground: string;
  readonly buy: string;
  readonly sell: string;
  readonly fair: string;
  readonly reservation: string;
  readonly good: string;
  readonly bad: string;
  readonly font: string;
}

/** A colour by its name. */
export type InkName = Exclude<keyof Ink, "font">;

/** A drawing surface in CSS pixels. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly ink: Ink;
}

let live: Ink | undefined;
let version = 0;

/** The inks; without live ones every side is grey, so that no old number looks fresh. */
export function readInk(isLive: boolean): Ink {
  if (live === undefined || version !== lookVersion.value) {
    version = lookVersion.value;
    live = inkOfSheet();
  }
  if (isLive) return live;
  const { soft } = live;
  return { ...live, text: live.old, buy: soft, sell: soft, fair: soft, reservation: soft };
}

function inkOfSheet(): Ink {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: read("text"),
    soft: read("soft"),
    old: read("old"),
    line: read("line"),
    raised: read("raised"),
    ground: read("panel"),
    buy: read("buy"),
    sell: read("sell"),
    fair: read("fair"),
    reservation: read("reservation"),
    good: read("good"),
    bad: read("bad"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/** A colour of the sheet, `#rrggbb`, made transparent; `alpha` is 0 to 1. */
export function faded(colour: string, alpha: number): string {
  return `${colour}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, "0")}`;
}

/** Sets the font to a size and weight [px]. */
export function setFont({ context, ink }: Surface, size: number, weight = 400): void {
  context.font = `${weight} ${size}px ${ink.font}`;
}
