import type { Api, Credentials } from "../../api/client";
import { ApiError } from "../../api/error";
import { words } from "../../api/words";
import type { Renewal } from "../../avatar/conversation";

/** Codes after which asking again is no use. */
const FINAL = ["avatar_limit", "already_ended", "not_found"];
const NONE = "The video can't be had just now. The interview goes on by voice.";
const LIMIT = "The video has come as often as it can in one interview. It goes on by voice.";

/** Asks for another conversation with the interviewer's face, and puts into words what came of it. */
export async function renewal(api: Pick<Api, "avatar">, who: Credentials): Promise<Renewal> {
  try {
    const { conversation_url, conversation_token, warnings } = await api.avatar(who);
    return conversation_url === null
      ? { place: null, word: warnings.join(" ") || NONE, again: true }
      : { place: { url: conversation_url, token: conversation_token } };
  } catch (error) {
    const code = error instanceof ApiError ? error.code : "";
    const word = code === "avatar_limit" ? LIMIT : words(error).text || NONE;
    return { place: null, word, again: !FINAL.includes(code) };
  }
}
