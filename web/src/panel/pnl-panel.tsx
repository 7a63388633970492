import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import type { Split } from "../stream/stream-message.ts";
import { exactMoneyText } from "../text/decimal-text.ts";

function MoneyRow(props: {
  readonly name: string;
  readonly micros: number;
  readonly testId: string;
  readonly kind?: "total" | "wrong";
}) {
  const { cents, rest } = exactMoneyText(props.micros);
  return (
    <tr class={props.kind}>
      <th scope="row">{props.name}</th>
      <td class="num" data-testid={props.testId}>
        {cents}
        <span class="rest">{rest}</span>
      </td>
    </tr>
  );
}

const CAUSES: readonly (readonly [key: keyof Split, name: string])[] = [
  ["spread", "Spread"],
  ["adverseSelection", "Adverse selection"],
  ["inventory", "Inventory"],
  ["fees", "Fees"],
  ["funding", "Funding"],
];

/** Each cause as a bar that starts where the one before ended; the last ends at the net. */
function Waterfall({ split, net }: { readonly split: Split; readonly net: number }) {
  const steps = CAUSES.map(([key, name]) => ({ key, name, micros: split[key] }));
  const ends = steps.map((_, i) =>
    steps.slice(0, i + 1).reduce((sum, { micros }) => sum + micros, 0),
  );
  const low = Math.min(0, net, ...ends);
  const wide = Math.max(0, net, ...ends) - low || 1;
  const place = (from: number, to: number) => ({
    left: `${((Math.min(from, to) - low) / wide) * 100}%`,
    width: `${Math.max(0.5, (Math.abs(to - from) / wide) * 100)}%`,
  });
  const zero = { left: `${(-low / wide) * 100}%` };
  const row = (key: string, name: string, micros: number, from: number) => {
    const { cents, rest } = exactMoneyText(micros);
    const tone = key === "net" ? "net" : micros < 0 ? "less" : "more";
    return (
      <tr key={key} class={key === "net" ? "total" : ""}>
        <th scope="row">{name}</th>
        <td class="term-bar">
          <u style={zero} />
          <i class={tone} style={place(from, from + micros)} />
        </td>
        <td class="num" data-testid={`split-${key}`}>
          {cents}
          <span class="rest">{rest}</span>
        </td>
      </tr>
    );
  };
  const unexplained = split.residual;
  return (
    <table class="terms waterfall" data-testid="waterfall">
      <tbody>
        {steps.map(({ key, name, micros }, i) => row(key, name, micros, ends[i - 1] ?? 0))}
        {unexplained !== 0 && row("residual", "Unexplained", unexplained, ends.at(-1) ?? 0)}
        {row("net", "Net", net, 0)}
      </tbody>
    </table>
  );
}

const NOTHING = { realised: 0, unrealised: 0, fees: 0, funding: 0, net: 0 } as const;

/** Profit and loss to the last micro, by cause and by kind, as sums that can be added up by eye. */
export function PnlPanel() {
  const view = readView.value;
  const pnl = view?.pnl ?? NOTHING;
  const split = view?.split ?? null;
  const residual = pnl.net - (pnl.realised + pnl.unrealised - pnl.fees + pnl.funding);
  return (
    <Panel
      title="Profit and loss"
      name="pnl"
      source="stream"
      aside={<span class="soft">USDC since the start</span>}
    >
      <div class="scroll">
        {split !== null && <Waterfall split={split} net={pnl.net} />}
        <table class={split === null ? "sum" : "sum small"}>
          <tbody>
            <MoneyRow name="Realised" micros={pnl.realised} testId="pnl-realised" />
            <MoneyRow name="Unrealised" micros={pnl.unrealised} testId="pnl-unrealised" />
            <MoneyRow name="Fees" micros={-pnl.fees} testId="pnl-fees" />
            <MoneyRow name="Funding" micros={pnl.funding} testId="pnl-funding" />
            {residual !== 0 && (
              <MoneyRow name="Unexplained" micros={residual} testId="pnl-residual" kind="wrong" />
            )}
            <MoneyRow name="Net" micros={pnl.net} testId="pnl-net" kind="total" />
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
