/**
 * One WebSocket connection: pings, subscriptions, posts. It bounds what it queues for a client that
 * does not read, and gives back every count it took when it ends.
 */
import { channelText, type Feed } from "./feed-port.ts";
import { infoType } from "./info-weight.ts";
import { answerInfoDurably, type PublicParts } from "./public-route.ts";
import { type ClientMessage, readClientMessage } from "./socket-message.ts";
import { createSubscriptionSet } from "./socket-subscriptions.ts";

/** What a connection needs of its socket. */
export interface TextSocket {
  send(text: string): void;
  /** Bytes queued and not yet handed to the network. */
  readonly bufferedAmount: number;
  /** Ends the connection with a closing handshake. */
  close(): void;
  /** Ends the connection at once. */
  terminate(): void;
}

/** What every connection shares. */
export interface ConnectionParts extends PublicParts {
  readonly feed: Feed;
  /** Queued bytes beyond which a client that does not read is cut off [bytes]. */
  readonly queuedBytesMax: number;
}

/** One connection, driven by its socket's events. */
export interface Connection {
  /** Time of the client's last message [ms]. */
  readonly heardMs: number;
  receive(text: string): void;
  /** To be called once the socket is closed. */
  ended(): void;
}

const PONG = JSON.stringify({ channel: "pong" });

/** A connection over a socket that is open. */
export function createConnection(
  parts: ConnectionParts,
  ip: string,
  socket: TextSocket,
): Connection {
  const { feed, limits, context } = parts;
  let heardMs = context.nowMs();
  let isOver = false;

  const send = (text: string): void => {
    if (isOver) return;
    if (socket.bufferedAmount > parts.queuedBytesMax) socket.terminate();
    else socket.send(text);
  };
  const sendError = (text: string): void => send(channelText("error", text));
  const subscriptions = createSubscriptionSet({
    feed,
    limits,
    ip,
    send,
    hangUp: () => socket.close(),
  });

  const post = ({ id, type, payload }: Extract<ClientMessage, { method: "post" }>): void => {
    if (!limits.addPost(ip)) return sendError(`too many pending post requests id=${id}`);
    const answer = (responseType: string, content: unknown): void => {
      limits.removePost(ip);
      send(channelText("post", { id, response: { type: responseType, payload: content } }));
    };
    if (type === "info") {
      answerInfoDurably(parts, ip, payload, ({ status, body }) => {
        if (status !== 200) answer("error", String(body));
        else answer("info", { type: infoType(payload), data: body });
      });
      return;
    }
    const spend = (weight: number): boolean => limits.spendWeight(ip, weight);
    parts.answerAction(payload, spend, ({ status, body }) =>
      answer(status === 200 ? "action" : "error", body),
    );
  };

  return {
    get heardMs() {
      return heardMs;
    },
    receive(text) {
      heardMs = context.nowMs();
      if (!limits.takeMessage(ip)) {
        const { messagesPerMinute } = limits.figures;
        return sendError(`Cannot send more than ${messagesPerMinute} messages per minute.`);
      }
      const message = readClientMessage(text);
      switch (message?.method) {
        case "ping":
          return send(PONG);
        case "subscribe":
          return subscriptions.subscribe(message.subscription);
        case "unsubscribe":
          return subscriptions.unsubscribe(message.subscription);
        case "post":
          return post(message);
        default:
          sendError(`Error parsing JSON into valid websocket request: ${text}`);
      }
    },
    ended() {
      if (isOver) return;
      isOver = true;
      subscriptions.clear();
    },
  };
}
