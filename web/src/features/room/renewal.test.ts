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

it("gives the place of another conversation", async () => {
  const answer = { conversation_url: "https://tavus.daily.co/c2", conversation_token: "t2" };
  expect(await given(answer)).toEqual({ place: { url: answer.conversation_url, token: "t2" } });
});

it("says why there is none, in the server's words where it has some", async () => {
  expect(await given({ warnings: ["All faces are taken."] })).toEqual({
    place: null,
    word: "All faces are taken.",
    again: true,
  });
  expect(await given({})).toMatchObject({ word: expect.stringMatching(/by voice\.$/), again: true });
});

it.each([
  ["offline", 0, true],
  ["store_unavailable", 503, true],
  ["avatar_limit", 409, false],
  ["already_ended", 409, false],
  ["not_found", 404, false],
])("after %s has words for it, and knows whether asking again may help", async (code, status, again) => {
  const { place, ...rest } = await refused(code, status);
  expect([place, "again" in rest && rest.again]).toEqual([null, again]);
  expect("word" in rest && rest.word).toMatch(/\.$/);
});
