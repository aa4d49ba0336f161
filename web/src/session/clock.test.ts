import { expect, it } from "vitest";
import { SESSION } from "../testing/samples";
import { createSessionStore } from "./store";

const DAY_MS = 24 * 3600 * 1000;

it("keeps a session on a device whose clock is days ahead of its expiry", () => {
  const wrong = new Date(Date.parse(SESSION.expires_at) + 10 * DAY_MS);
  const store = createSessionStore(null, () => wrong);
  store.save(SESSION);
  expect(store.find(SESSION.session_id)?.session).toEqual(SESSION);
  expect(store.all()).toHaveLength(1);
});
