import { expect, it } from "vitest";
import { Outbox } from "./outbox";

/** A socket's buffer that takes `capacity` bytes and is emptied by hand. */
function wire(capacity: number) {
  const sent: number[] = [];
  const socket = { buffered: 0 };
  const outbox = new Outbox(3, capacity);
  const offer = (name: number) =>
    outbox.offer(
      Uint8Array.of(name).buffer,
      () => socket.buffered,
      (frame) => {
        sent.push(...new Uint8Array(frame));
        socket.buffered += frame.byteLength;
      },
    );
  return { outbox, socket, sent, offer };
}

it("sends at once while the socket keeps up", () => {
  const { sent, offer, outbox } = wire(10);
  for (const name of [1, 2, 3]) offer(name);
  expect(sent).toEqual([1, 2, 3]);
  expect(outbox.waiting).toBe(0);
});

it("drops the oldest when the socket falls behind, and goes on in order", () => {
  const { sent, offer, outbox, socket } = wire(2);
  for (const name of [1, 2, 3, 4, 5, 6, 7]) offer(name);
  expect(sent).toEqual([1, 2]);
  expect(outbox.waiting).toBe(3);
  expect(outbox.dropped).toBe(2);
  socket.buffered = -10;
  offer(8);
  expect(sent).toEqual([1, 2, 5, 6, 7, 8]);
});

it("keeps the newest while there is no socket, and sends them before what comes next", () => {
  const { sent, offer, outbox, socket } = wire(2);
  for (const name of [1, 2, 3, 4, 5]) outbox.keep(Uint8Array.of(name).buffer);
  expect(outbox.waiting).toBe(3);
  outbox.flush(
    () => socket.buffered,
    (frame) => {
      sent.push(...new Uint8Array(frame));
      socket.buffered += frame.byteLength;
    },
  );
  // As much as the socket takes at once; the rest follows with the next frame.
  expect(sent).toEqual([3, 4]);
  socket.buffered = 0;
  offer(6);
  expect(sent).toEqual([3, 4, 5, 6]);
});
