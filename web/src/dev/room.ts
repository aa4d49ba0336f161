import type { OpenRoom } from "../avatar/room";
import { StandInRoom } from "./standin";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Opens rooms of the local stand-in for Tavus, which are on this machine, and leaves every other address to `open`. Only
 * development builds contain this folder (main.tsx).
 */
export function withStandIn(open: OpenRoom): OpenRoom {
  return async (address, events) =>
    isLoopback(address.url) ? new StandInRoom(address, events) : open(address, events);
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.includes(new URL(url).hostname);
}
