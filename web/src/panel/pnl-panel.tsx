import { exactMoneyText } from "./decimal-text.ts";
import { shownView } from "./market-store.ts";

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

/** Profit and loss to the last micro, as a sum that can be added up by eye. */
export function PnlPanel() {
  const pnl = shownView.value?.pnl ?? { realised: 0, unrealised: 0, fees: 0, net: 0 };
  const residual = pnl.net - (pnl.realised + pnl.unrealised - pnl.fees);
  return (
    <section class="panel pnl">
      <h2>
        Profit and loss <small>USDC</small>
      </h2>
      <table class="sum">
        <tbody>
          <MoneyRow name="Realised" micros={pnl.realised} testId="pnl-realised" />
          <MoneyRow name="Unrealised" micros={pnl.unrealised} testId="pnl-unrealised" />
          <MoneyRow name="Fees" micros={-pnl.fees} testId="pnl-fees" />
          {residual !== 0 && (
            <MoneyRow name="Unexplained" micros={residual} testId="pnl-residual" kind="wrong" />
          )}
          <MoneyRow name="Net" micros={pnl.net} testId="pnl-net" kind="total" />
        </tbody>
      </table>
    </section>
  );
}
