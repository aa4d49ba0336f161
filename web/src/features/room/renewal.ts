import type { Api, Credentials } from "../../api/client";
import { ApiError } from "../../api/error";
import { explain } from "../../api/explanation";
import type { Renewal } from "../../avatar/conversation";

/** Error codes after which asking again does not help. */
const FINAL = ["avatar_limit", "already_ended", "not_found"];
const UNAVAILABLE = "Video isn't available right now. The interview continues by voice.";
const LIMIT = "This interview has used all its video connections. It continues by voice.";

/** Asks for another conversation with the avatar. */
export async function renewal(api: Pick<Api, "avatar">, who: Credentials): Promise<Renewal> {
  try {
    const { conversation_url, conversation_token, warnings } = await api.avatar(who);
    return conversation_url === null
      ? { address: null, message: warnings.join(" ") || UNAVAILABLE, retryable: true }
      : { address: { url: conversation_url, token: conversation_token } };
  } catch (error) {
    const code = error instanceof ApiError ? error.code : "";
    const message = code === "avatar_limit" ? LIMIT : explain(error).text || UNAVAILABLE;
    return { address: null, message, retryable: !FINAL.includes(code) };
  }
}
