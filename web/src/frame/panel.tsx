import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { freshnessOf, type Source } from "../stream/market-store.ts";
import { ageText } from "../text/decimal-text.ts";
import { LINK_MARKS } from "../text/state-mark.ts";

/** Whether a panel's numbers are fresh: a word and a glyph, with the age once they are not. */
function Freshness({ of }: { readonly of: Source }) {
  const kind = useComputed(() => freshnessOf(of).kind);
  const text = useComputed(() => {
    const { kind: now, ageMs } = freshnessOf(of);
    const { glyph, word } = LINK_MARKS[now];
    return now === "stale" ? `${glyph} ${word} ${ageText(ageMs)}` : `${glyph} ${word}`;
  });
  return (
    <span class={`fresh-mark ${kind.value}`} data-testid="freshness" data-kind={kind.value}>
      {text}
    </span>
  );
}

/** A titled box whose head says how fresh what it holds is. */
export function Panel(props: {
  readonly title: ComponentChildren;
  /** Class of the box. */
  readonly name: string;
  readonly source: Source;
  /** Beside the title. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const { title, name, source, aside, children } = props;
  return (
    <section class={`panel ${name}`} data-panel={name.split(" ", 1)[0]}>
      <h2>
        <span class="title">{title}</span>
        <span class="aside">{aside}</span>
        <Freshness of={source} />
      </h2>
      {children}
    </section>
  );
}
