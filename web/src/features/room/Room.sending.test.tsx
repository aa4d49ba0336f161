import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Peer } from "../../testing/relay";
import { READY } from "../../testing/relay";
import { button, enter, relay, show } from "../../testing/room";

const FLOOR = { type: "floor", holder: "candidate" } as const;

async function type(text: string): Promise<void> {
  await userEvent.setup().type(screen.getByLabelText("Your typed answer"), `${text}{Enter}`);
}

/** The typed answers that this connection was sent. */
const answers = ({ received }: Peer) =>
  received.filter((frame) => (frame as { type?: string }).type === "text") as { id: string; text: string }[];

it("shows a typed answer as sending until its caption confirms it", async () => {
  const peer = await enter();
  await type("A queue.");
  const log = within(screen.getByRole("log"));
  expect(log.getByText("A queue.")).toBeTruthy();
  expect(log.getByText("Sending…")).toBeTruthy();
  await waitFor(() => expect(answers(peer)).toHaveLength(1));
  const id = answers(peer)[0]?.id ?? "";
  peer.send({ type: "caption", turn: 1, speaker: "candidate", text: "A queue.", final: true, id });
  await waitFor(() => expect(log.queryByText("Sending…")).toBeNull());
  expect(log.getAllByText("A queue.")).toHaveLength(1);
});

it("is confirmed by a relay that knows no ids", async () => {
  const peer = await enter();
  await type("A queue.");
  peer.send({ type: "caption", turn: 1, speaker: "candidate", text: "A queue.", final: true });
  await waitFor(() => expect(screen.queryByText("Sending…")).toBeNull());
});

it("sends an unconfirmed answer again after a reconnect, with the same id, and a reload", async () => {
  const first = await enter();
  await type("A queue.");
  await waitFor(() => expect(answers(first)).toHaveLength(1));
  first.socket.terminate();
  await screen.findByText(/^Not sent yet/);
  const second = await relay.peer(1);
  second.send({ ...READY, resumed: true }, FLOOR);
  await waitFor(() => expect(answers(second)).toEqual(answers(first)));
  document.body.innerHTML = "";
  show();
  const third = await relay.peer(2);
  third.send({ ...READY, resumed: true });
  await waitFor(() => expect(answers(third)).toEqual(answers(first)));
});

it("does not send an answer again that a restored caption confirms", async () => {
  const first = await enter();
  await type("A queue.");
  await waitFor(() => expect(answers(first)).toHaveLength(1));
  const id = answers(first)[0]?.id ?? "";
  first.socket.terminate();
  const second = await relay.peer(1);
  second.send({ ...READY, resumed: true });
  second.send({ type: "caption", turn: 1, speaker: "candidate", text: "A queue.", final: true, id }, FLOOR);
  const log = within(screen.getByRole("log"));
  await waitFor(() => expect(log.queryByText(/^Not sent|^Sending/)).toBeNull());
  expect(log.getAllByText("A queue.")).toHaveLength(1);
});

it("says that an answer is not sent when the connection is closed for good, and shows one notice", async () => {
  const peer = await enter();
  await type("A queue.");
  await waitFor(() => expect(answers(peer)).toHaveLength(1));
  peer.send({ type: "notice", code: "superseded", message: "Another connection took over this interview." });
  peer.socket.close(4409);
  await screen.findByText(/^Not sent. We keep it here/);
  expect(screen.getByText("The interview continues in another tab")).toBeTruthy();
  expect(screen.queryByText(/took over/)).toBeNull();
});

it("dials at once when the candidate asks for it", async () => {
  const peer = await enter();
  peer.socket.terminate();
  await screen.findByText("Connection lost");
  await userEvent.setup().click(button("Try again"));
  const next = await relay.peer(1);
  next.send({ ...READY, resumed: true }, FLOOR);
  await waitFor(() => expect(screen.queryByText("Connection lost")).toBeNull());
});

it("ends a spoken answer by a button, and shows which question it is", async () => {
  const peer = await enter();
  await userEvent.setup().click(button("I'm done"));
  await peer.waitFor({ type: "done" });
  peer.send({ type: "question", number: 4, about: 10 });
  await screen.findByText("Question 4 of about 10");
});
