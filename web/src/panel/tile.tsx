import type { ComponentChildren } from "preact";
import { moneyText } from "../text/decimal-text.ts";

/** A figure under its name. */
export function Tile(props: {
  readonly name: string;
  /** What the name means, for those who point at it. */
  readonly hint?: string;
  readonly testId?: string;
  readonly children: ComponentChildren;
}) {
  const { name, hint, testId, children } = props;
  return (
    <div>
      <dt title={hint}>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  );
}

/** Money whose sign is the point, by sign and by colour [10^-6 USDC]. */
export function SignedMoney({ micros }: { readonly micros: number }) {
  const tone = micros === 0 ? "" : micros < 0 ? "bad" : "good";
  return <span class={tone}>{moneyText(micros)}</span>;
}
