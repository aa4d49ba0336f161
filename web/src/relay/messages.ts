/** The stream's messages, both ways, as `contract/stream.py` defines them. Received messages are validated. */

import { isObject, isText, read } from "../contract/check";
import { SERVER, type ServerMessage } from "../contract/stream.gen";

export type { ClientMessage, ServerMessage } from "../contract/stream.gen";
export type { Ending, Holder, Loss, Output } from "../contract/terms.gen";

/** A frame that breaks the contract. The error message names the field, never its content. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

function isKnown(type: string): type is ServerMessage["type"] {
  return Object.hasOwn(SERVER, type);
}

/**
 * A text frame as a message; `null` for a type this page does not know, which a newer relay may send. Throws
 * `MessageError` for anything malformed.
 */
export function parseMessage(frame: string): ServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    throw new MessageError("a frame is no JSON");
  }
  if (!isObject(value) || !isText(value.type)) throw new MessageError("a frame has no type");
  const { type } = value;
  if (!isKnown(type)) return null;
  return read<ServerMessage>(
    SERVER[type],
    value,
    (field) => new MessageError(`${type}.${field} is missing or wrong`),
  );
}
