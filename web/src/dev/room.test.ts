import { expect, it, vi } from "vitest";
import type { OpenRoom, Room } from "../avatar/room";
import { withStandIn } from "./room";
import { StandInRoom } from "./standin";

const EVENTS = { onready: () => undefined, onspeaking: () => undefined, onlost: () => undefined };

it.each(["http://127.0.0.1:4000/rooms/c1", "http://localhost:4000/rooms/c1", "http://[::1]:4000/rooms/c1"])(
  "%s is a room of the stand-in",
  async (url) => {
    const open = vi.fn<OpenRoom>();
    expect(await withStandIn(open)({ url, token: null }, EVENTS)).toBeInstanceOf(StandInRoom);
    expect(open).not.toHaveBeenCalled();
  },
);

it.each(["https://tavus.daily.co/c1", "https://example.org/127.0.0.1", "not an address"])(
  "%s is not",
  async (url) => {
    const room = {} as Room;
    const address = { url, token: "t1" };
    const open = vi.fn<OpenRoom>(async () => room);
    expect(await withStandIn(open)(address, EVENTS)).toBe(room);
    expect(open).toHaveBeenCalledWith(address, EVENTS);
  },
);
