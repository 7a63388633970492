import { assert } from "../../src/base/assert.ts";
import type { GatewayContext } from "../../src/gateway/gateway-context.ts";
import { createInfo } from "../../src/gateway/info/create-info.ts";
import type { InfoAnswer } from "../../src/gateway/info-port.ts";

/** Answers `/info` over a context whose history is all in memory, and so at once. */
export function createPromptInfo(context: GatewayContext): (body: unknown) => InfoAnswer {
  const answerInfo = createInfo(context);
  return (body) => {
    const answer = answerInfo(body);
    assert(!(answer instanceof Promise), "what is in memory is answered at once");
    return answer;
  };
}
