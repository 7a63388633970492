/** `POST /control/…`: from request to control to answer. */
import type { IncomingMessage } from "node:http";
import * as v from "valibot";
import { jsonReply, type Reply, refusalReply } from "./http-reply.ts";
import type { ControlReply, OperatorSource } from "./operator-source.ts";

/** Largest body of a control request [bytes]. */
const CONTROL_BODY_MAX = 4096;

type Body = Readonly<Record<string, unknown>>;
type Answer = ControlReply | Promise<ControlReply>;

/** What a request of a control needs in its body, and what is done with it; a text = it is wrong. */
type Run = (source: OperatorSource, body: Body) => Answer | string;

const plain =
  (name: "pause" | "resume" | "cancelAll" | "kill"): Run =>
  ({ controls }) =>
    controls[name]();

const Changes = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(64)), v.number()),
  v.check((changes) => Object.keys(changes).length > 0),
);

const CONTROLS: Readonly<Record<string, Run>> = {
  pause: plain("pause"),
  resume: plain("resume"),
  "cancel-all": plain("cancelAll"),
  kill: plain("kill"),
  rearm: ({ controls }, { confirm }) =>
    confirm === "rearm" ? controls.rearm() : 're-arming needs the body {"confirm":"rearm"}',
  flatten: (source, { confirm }) => {
    // It trades: whoever asks says on which market.
    const { coin } = source.view();
    return confirm === coin
      ? source.controls.flatten()
      : `flattening needs the body {"confirm":${JSON.stringify(coin)}}`;
  },
  "cancel-order": ({ controls }, { id }) =>
    typeof id === "string" && id.length <= 66
      ? controls.cancelOrder(id)
      : 'canceling an order needs the body {"id":"…"}',
  configure: ({ controls }, { changes }) => {
    const parsed = v.safeParse(Changes, changes);
    return parsed.success
      ? controls.configure(parsed.output)
      : 'configuring needs the body {"changes":{"name":number}}';
  },
};

/** The answer of a control, and what is to be noted of it; null = nothing was tried. */
export interface ControlAnswer {
  readonly reply: Reply;
  readonly said: { readonly ok: boolean; readonly text: string } | null;
}

/** Runs the control that `name` stands for and words its answer. */
export async function answerControl(
  request: IncomingMessage,
  name: string,
  source: OperatorSource,
): Promise<ControlAnswer> {
  const run = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
  if (run === undefined) {
    return refused(404, `no such control; there are ${Object.keys(CONTROLS).join(", ")}`);
  }
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return refused(415, "the content type must be application/json");
  }
  const text = await readBody(request);
  if (text === null) {
    const { reply } = refused(413, `a body has at most ${CONTROL_BODY_MAX} bytes`);
    return { reply: { ...reply, headers: { connection: "close" } }, said: null };
  }
  const body = parseObject(text);
  if (body === null) return refused(400, "the body must be a JSON object, such as {}");
  const answer = run(source, body);
  if (typeof answer === "string") return refused(400, answer);
  const { ok, message } = await answer;
  const said = { ok, text: `${name}: ${message}` };
  return { reply: jsonReply(ok ? 200 : 409, { ok, message }), said };
}

const refused = (status: number, message: string): ControlAnswer => ({
  reply: refusalReply(status, message),
  said: null,
});
/** The body as text, or null when it is over the bound or cut short; never more than that is kept. */
function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > CONTROL_BODY_MAX) resolve(null);
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("close", () => resolve(null));
    request.on("error", () => resolve(null));
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    // Not JSON: the caller answers 400.
    return null;
  }
}
