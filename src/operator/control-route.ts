/** `POST /control/{pause,resume,cancel-all,kill,rearm}`: from request to control to answer. */
import type { IncomingMessage } from "node:http";
import { jsonReply, type Reply, refusalReply } from "./http-reply.ts";
import type { OperatorControls } from "./operator-source.ts";

/** Largest body of a control request [bytes]. */
const CONTROL_BODY_MAX = 1024;

const CONTROLS: Readonly<Record<string, keyof OperatorControls>> = {
  pause: "pause",
  resume: "resume",
  "cancel-all": "cancelAll",
  kill: "kill",
  rearm: "rearm",
};

/** Runs the control that `name` stands for and words its answer. */
export async function answerControl(
  request: IncomingMessage,
  name: string,
  controls: OperatorControls,
): Promise<Reply> {
  const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
  if (control === undefined) {
    return refusalReply(404, `no such control; there are ${Object.keys(CONTROLS).join(", ")}`);
  }
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return refusalReply(415, "the content type must be application/json");
  }
  const text = await readBody(request);
  if (text === null) {
    const reply = refusalReply(413, `a body has at most ${CONTROL_BODY_MAX} bytes`);
    return { ...reply, headers: { connection: "close" } };
  }
  const body = parseObject(text);
  if (body === null) return refusalReply(400, "the body must be a JSON object, such as {}");
  if (control === "rearm" && body.confirm !== "rearm") {
    return refusalReply(400, 're-arming needs the body {"confirm":"rearm"}');
  }
  const { ok, message } = await controls[control]();
  return jsonReply(ok ? 200 : 409, { ok, message });
}

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
