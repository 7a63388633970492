import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import {
  applyEdits,
  draft,
  dropEdits,
  type Edit,
  edits,
  reviewing,
  stopReview,
  typeParameter,
  undoable,
  undoEdits,
} from "../control/parameter-draft.ts";
import { pressed } from "../frame/controls-bar.tsx";
import { Panel } from "../frame/panel.tsx";
import { isLive, readView } from "../stream/market-store.ts";
import type { Parameter } from "../stream/stream-message.ts";
import { NONE, parameterText, shownAs } from "../text/figure-text.ts";

/** A name in camel case as words: levelSpacingBps is "level spacing", its unit stands beside it. */
const titleOf = (key: string): string =>
  key
    .replace(/(Bps|Ms|Seconds)$/, "")
    .replace(/([A-Z])/g, " $1")
    .toLowerCase();

function ParameterRow({ parameter }: { readonly parameter: Parameter }) {
  const { key, text, low, high, value } = parameter;
  const edit = edits.value.find((one) => one.parameter.key === key);
  const shown = draft.value[key] ?? parameterText(parameter, value);
  const bounds = `${parameterText(parameter, low)} to ${parameterText(parameter, high)}`;
  return (
    <tr class={edit === undefined ? "" : edit.problem === null ? "edited" : "wrong"} title={text}>
      <th scope="row">
        <label for={`set-${key}`}>{titleOf(key)}</label>
      </th>
      <td>
        <input
          id={`set-${key}`}
          data-testid={`set-${key}`}
          inputMode="decimal"
          autocomplete="off"
          value={shown}
          aria-invalid={edit?.problem !== null && edit !== undefined}
          aria-description={`${text} From ${bounds}.`}
          onInput={(event) => typeParameter(key, event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && edits.value.length > 0) reviewing.value = true;
          }}
        />
      </td>
      <td class="unit">
        {edit?.problem == null ? (
          <span class="soft">{shownAs(parameter).unit}</span>
        ) : (
          <span class="warn">{edit.problem === "out of bounds" ? bounds : edit.problem}</span>
        )}
      </td>
    </tr>
  );
}

function DiffRow({ edit }: { readonly edit: Edit }) {
  const { parameter, value } = edit;
  const unit = shownAs(parameter).unit;
  return (
    <tr data-testid="diff">
      <th scope="row">{titleOf(parameter.key)}</th>
      <td class="num old">{parameterText(parameter, parameter.value)}</td>
      <td>→</td>
      <td class="num new">{value === null ? NONE : parameterText(parameter, value)}</td>
      <td class="soft">{unit}</td>
    </tr>
  );
}

/** The edits as old and new, before anything is sent. */
function Review() {
  const now = edits.value;
  const isSound = now.length > 0 && now.every(({ problem }) => problem === null);
  return (
    <div class="review" data-testid="review">
      <table>
        <tbody>
          {now.map((edit) => (
            <DiffRow key={edit.parameter.key} edit={edit} />
          ))}
        </tbody>
      </table>
      <div class="buttons">
        <button
          type="button"
          class="control"
          data-testid="review-back"
          onClick={pressed(stopReview)}
        >
          Back
        </button>
        <button
          type="button"
          class="control go"
          data-testid="apply"
          disabled={!isLive.value || !isSound}
          onClick={pressed(() => void applyEdits())}
        >
          Apply
        </button>
      </div>
    </div>
  );
}

/** Takes the last edits back, for as long as that can be done. */
function UndoBar() {
  const last = undoable.value;
  return last === null ? null : <UndoButton key={last.untilMs} untilMs={last.untilMs} />;
}

const secondsLeft = (untilMs: number): number => Math.ceil((untilMs - performance.now()) / 1_000);

function UndoButton({ untilMs }: { readonly untilMs: number }) {
  const left = useSignal(secondsLeft(untilMs));
  useEffect(() => {
    const timer = setInterval(() => {
      left.value = secondsLeft(untilMs);
      if (left.value <= 0 && undoable.peek()?.untilMs === untilMs) undoable.value = null;
    }, 250);
    return () => clearInterval(timer);
  }, [untilMs, left]);
  return (
    <div class="buttons undo">
      <span class="soft">Applied.</span>
      <button
        type="button"
        class="control"
        data-testid="undo"
        onClick={pressed(() => void undoEdits())}
      >
        ↶ Undo ({left} s)
      </button>
    </div>
  );
}

function EditButtons() {
  const count = edits.value.length;
  const wrong = edits.value.some(({ problem }) => problem !== null);
  if (count === 0) return null;
  return (
    <div class="buttons">
      <button type="button" class="control" data-testid="drop-edits" onClick={pressed(dropEdits)}>
        Discard
      </button>
      <button
        type="button"
        class="control go"
        data-testid="review-edits"
        disabled={wrong}
        onClick={pressed(() => {
          reviewing.value = true;
        })}
      >
        Review {count} {count === 1 ? "edit" : "edits"}
      </button>
    </div>
  );
}

/** Settings that can be changed while the maker runs: typed, reviewed, applied, undone. */
export function ParametersPanel() {
  const parameters = readView.value?.parameters ?? [];
  return (
    <Panel
      title="Settings"
      name="parameters"
      source="stream"
      aside={<span class="soft">live</span>}
    >
      {reviewing.value && edits.value.length > 0 ? (
        <Review />
      ) : (
        <>
          <div class="scroll">
            <table class="settings">
              <tbody>
                {parameters.map((parameter) => (
                  <ParameterRow key={parameter.key} parameter={parameter} />
                ))}
              </tbody>
            </table>
            {parameters.length === 0 && (
              <p class="empty">This maker takes no changes while it runs.</p>
            )}
          </div>
          <EditButtons />
        </>
      )}
      <UndoBar />
    </Panel>
  );
}
