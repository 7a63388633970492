/** Theme and colours of the page: kept in the browser, told to the sheet by attributes. */
import { effect, signal } from "@preact/signals";

/** Light on dark, or dark on light. */
export type Theme = "dark" | "light";
/** Colours of buying and selling; the first is told apart by everyone. */
export type Palette = "blue-orange" | "green-red" | "red-green";

/** Names of the palettes for people: buy, then sell. */
export const PALETTES: Readonly<Record<Palette, string>> = {
  "blue-orange": "blue / orange",
  "green-red": "green / red",
  "red-green": "red / green",
};

/** The theme on screen. */
export const theme = signal<Theme>(stored("theme", ["dark", "light"], "dark"));
/** The palette on screen. */
export const palette = signal<Palette>(
  stored("palette", Object.keys(PALETTES) as Palette[], "blue-orange"),
);
/** Counts changes of either, after the sheet has them: for drawings that hold colours. */
export const lookVersion = signal(0);

/** Changes to the other theme. */
export function toggleTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
}

/** Keeps sheet and storage as the signals say. */
export function startLook(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    dataset.theme = theme.value;
    dataset.palette = palette.value;
    keep("theme", theme.value);
    keep("palette", palette.value);
    lookVersion.value = lookVersion.peek() + 1;
  });
}

function stored<T extends string>(key: string, known: readonly T[], otherwise: T): T {
  try {
    const value = localStorage.getItem(`bourse-${key}`);
    return known.find((one) => one === value) ?? otherwise;
  } catch {
    // Storage is forbidden here: the page works without.
    return otherwise;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`bourse-${key}`, value);
  } catch {
    // Storage is forbidden or full: the choice lasts as long as the page.
  }
}
