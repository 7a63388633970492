/** `node test/page/preview.ts [SIM|LOCAL|TESTNET|MAINNET]`: the page over a fake, moving source. */

import { serveOperator } from "../../src/operator/operator-server.ts";
import type { VenueLabel } from "../../src/operator/operator-view.ts";
import { createFakeSource } from "./fake-source.ts";

const venue = (process.argv[2] ?? "SIM") as VenueLabel;
const source = createFakeSource({ venue });
const server = await serveOperator({ source, log: (message) => console.error(message) });
console.log(server.pageProblem ?? server.url);
setInterval(() => source.step(), 100);
