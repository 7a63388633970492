/** Every question about the past, asked about everybody and everything, for comparing two histories. */
import { CANDLE_INTERVALS } from "../../src/projection/candle-interval.ts";
import {
  type HistoryQueries,
  type HistorySpan,
  newest,
} from "../../src/projection/history-queries.ts";
import type { OrderView } from "../../src/projection/orders.ts";
import type { ReadModels } from "../../src/projection/read-models.ts";

/** More than any test makes. */
const ALL = 1_000_000;

/** Answers by question; of one moment where no command comes in between. */
export type HistoryAnswers = Readonly<Record<string, unknown>>;

/** Asks `history` about what `models` know of; `midMs` parts the time of the run [ms]. */
export async function askHistory(
  history: HistoryQueries,
  models: ReadModels,
  midMs: number,
): Promise<HistoryAnswers> {
  const answers: Record<string, unknown> = {};
  const accounts = [0, 1, ...models.accounts.addresses.keys()];
  const spans = spansAround(midMs);
  for (const account of accounts) {
    const orders = await history.finishedOrders(account, ALL);
    answers[`orders ${account}`] = orders;
    answers[`newest orders ${account}`] = await history.finishedOrders(account, 4);
    await askOrders(history, answers, account, orders);
    for (const [name, span] of Object.entries(spans)) {
      answers[`fills ${account} ${name}`] = await history.fills(account, span);
      answers[`payments ${account} ${name}`] = await history.payments(account, span);
      answers[`ledger ${account} ${name}`] = await history.ledger(account, span);
      answers[`moves ${account} ${name}`] = await history.moves(account, span);
    }
  }
  for (const { market } of models.directory.markets) {
    for (const [name, span] of Object.entries(spans)) {
      answers[`rates ${market} ${name}`] = await history.rates(market, span);
      for (let interval = 0; interval < CANDLE_INTERVALS.length; interval++) {
        const candles = await history.candles({ market, interval }, span);
        answers[`candles ${market} ${CANDLE_INTERVALS[interval]} ${name}`] = candles;
      }
    }
  }
  return answers;
}

const spansAround = (midMs: number): Readonly<Record<string, HistorySpan>> => ({
  all: newest(ALL),
  newest: newest(5),
  "before the middle": { fromMs: 0, toMs: midMs, count: 7, newestFirst: true },
  "from the middle on": { fromMs: midMs, toMs: midMs * 2, count: 7, newestFirst: false },
  "all from the middle on": { fromMs: midMs, toMs: midMs * 2, count: ALL, newestFirst: false },
});

/** Each finished order by its id, and by its cloid; ids of nobody and of others. */
async function askOrders(
  history: HistoryQueries,
  answers: Record<string, unknown>,
  account: number,
  orders: readonly OrderView[],
): Promise<void> {
  const some = orders.filter((_, i) => i < 10 || i % 7 === 0);
  for (const { oid, cloid } of some) {
    answers[`order ${account} ${oid}`] = await history.orderByOid(account, oid);
    answers[`order ${account + 1} ${oid}`] = await history.orderByOid(account + 1, oid);
    if (cloid !== null) {
      answers[`order ${account} ${cloid}`] = await history.orderByCloid(account, cloid);
    }
  }
  answers[`order ${account} of nobody`] = await history.orderByOid(account, 3);
}

/** How many rows an answer holds, to show that a comparison compared something. */
export const answerRows = (answers: HistoryAnswers): number =>
  Object.values(answers).reduce<number>(
    (sum, answer) => sum + (Array.isArray(answer) ? answer.length : answer === undefined ? 0 : 1),
    0,
  );
