import { expect, it } from "vitest";
import { ApiError } from "../../api/error";
import type { AvatarRoom } from "../../api/types";
import { renewal } from "./renewal";

const ME = { session_id: "s-1", session_token: "token-1" };

const given = (answer: Partial<AvatarRoom>) =>
  renewal(
    {
      avatar: async () => ({ conversation_url: null, conversation_token: null, warnings: [], ...answer }),
    },
    ME,
  );
const refused = (code: string, status: number, detail = "") =>
  renewal({ avatar: () => Promise.reject(new ApiError(code, "Title", detail, status)) }, ME);

it("returns the address of another conversation", async () => {
  const answer = { conversation_url: "https://tavus.daily.co/c2", conversation_token: "t2" };
  expect(await given(answer)).toEqual({ address: { url: answer.conversation_url, token: "t2" } });
});

it("says why there is none, with the server's warning where there is one", async () => {
  expect(await given({ warnings: ["All video connections are in use."] })).toEqual({
    address: null,
    message: "All video connections are in use.",
    retryable: true,
  });
  expect(await given({})).toMatchObject({ message: expect.stringMatching(/by voice\.$/), retryable: true });
});

it.each([
  ["offline", 0, true],
  ["store_unavailable", 503, true],
  ["avatar_limit", 409, false],
  ["already_ended", 409, false],
  ["not_found", 404, false],
])("after %s it has a message, and says whether asking again may help", async (code, status, again) => {
  const { address, ...rest } = await refused(code, status);
  expect([address, "retryable" in rest && rest.retryable]).toEqual([null, again]);
  expect("message" in rest && rest.message).toMatch(/\.$/);
});
