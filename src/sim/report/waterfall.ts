/**
 * The causes of a PnL as steps from 0 to the net, in HTML: each bar starts where the one before ends,
 * so the eye can add them up. The same cents stand beside the bars and sum to the net as printed.
 */
import { escaped, signedCentsText } from "./report-format.ts";

/** One cause. */
export interface Step {
  readonly id: string;
  readonly name: string;
  /** Whole cents; all steps sum to the net. */
  readonly cents: number;
  /** What it means in this run, in a sentence. */
  readonly text: string;
  /** Instead of the amount, where there is none to tell. */
  readonly instead?: string;
}

/** The steps and their sum as a table with bars. */
export function waterfall(steps: readonly Step[]): string {
  const cents = steps.map((step) => step.cents);
  const ends: number[] = [];
  for (const part of cents) ends.push((ends.at(-1) ?? 0) + part);
  const net = ends.at(-1) ?? 0;
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const span = Math.max(1, high - low);
  const percent = (value: number): string => `${((value / span) * 100).toFixed(2)}%`;
  const bar = (from: number, to: number, kind: string): string => {
    const left = percent(Math.min(from, to) - low);
    const width = percent(Math.abs(to - from));
    return (
      `<div class="fall" aria-hidden="true"><i class="zero" style="left:${percent(-low)}"></i>` +
      `<i class="bar ${kind}" style="left:${left};width:${width}"></i></div>`
    );
  };
  const rows = steps.map((step, i) => {
    const part = cents[i] as number;
    const end = ends[i] as number;
    const kind = kindOf(part);
    const amount = step.instead ?? signedCentsText(part);
    return (
      `<tr data-cause="${step.id}" data-cents="${part}"><th scope="row">${escaped(step.name)}</th>` +
      `<td class="money ${kind}">${amount}</td><td class="steps">${bar(end - part, end, kind)}</td>` +
      `<td class="says">${escaped(step.text)}</td></tr>`
    );
  });
  const kind = kindOf(net);
  return (
    `<table class="waterfall"><thead><tr><th>Cause</th><th>Amount</th><th></th><th>In this run</th></tr></thead>` +
    `<tbody>${rows.join("")}</tbody><tfoot><tr data-cause="net" data-cents="${net}">` +
    `<th scope="row">Net</th><td class="money ${kind}">${signedCentsText(net)}</td>` +
    `<td class="steps">${bar(0, net, `net ${kind}`)}</td>` +
    `<td class="says">The change of the account's equity since the start, to the cent.</td></tr></tfoot></table>`
  );
}

const kindOf = (cents: number): string => (cents < 0 ? "loss" : cents > 0 ? "gain" : "even");
