import { openDialog } from "../control/dialogs.ts";
import { PALETTES, type Palette, palette, theme, toggleTheme } from "../look/look.ts";
import { Dialog } from "./dialog.tsx";

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ["Space", "pause and cancel quotes; again: resume"],
  ["⇧ X", "cancel all orders, quote on"],
  ["⇧ F", "flatten: a dialog, then close the position"],
  ["hold K 0.6 s", "kill: cancel all, nothing until re-armed"],
  ["K, then Enter", "the same, within 3 s"],
  ["G then O M A R V", "Overview, Market, Orders (all), Risk, Vaults"],
  ["G then S", "health of feeds and process, on Risk"],
  ["1", "the market"],
  ["/", "filter of the table"],
  ["drag on a chart", "zoom all charts; Esc or double click: back"],
  ["T", "dark or light"],
  ["Esc", "close, forget, let go"],
];

/** Every key, and the colours to choose from. */
export function HelpDialog() {
  if (openDialog.value !== "help") return null;
  return (
    <Dialog title="Keys and colours" testId="help-dialog">
      <table class="keys">
        <tbody>
          {KEYS.map(([keys, what]) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <fieldset>
        <legend>Buy / sell</legend>
        {(Object.keys(PALETTES) as Palette[]).map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="palette"
              data-testid={`palette-${name}`}
              checked={palette.value === name}
              onChange={() => {
                palette.value = name;
              }}
            />
            {PALETTES[name]}
          </label>
        ))}
      </fieldset>
      <button type="button" class="control" data-testid="theme" onClick={toggleTheme}>
        {theme.value === "dark" ? "Light theme" : "Dark theme"} <kbd>T</kbd>
      </button>
    </Dialog>
  );
}
