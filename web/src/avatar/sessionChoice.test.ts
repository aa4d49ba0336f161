import { describe, expect, it, vi } from "vitest";
import {
  ADDRESS,
  asked,
  connect,
  ECHO,
  kept,
  lost,
  OTHER,
  open,
  pass,
  READY,
  renewals,
  rooms,
  screen,
  sent,
  session,
  setConnected,
} from "../testing/avatarSession";
import type { Renewal } from "./conversation";

describe("a session that needs a click", () => {
  it("because of autoplay rules joins the same room again", async () => {
    screen.refusals.push(new DOMException("", "NotAllowedError"));
    await open();
    rooms.last.ready();
    await pass();
    expect(sent).toEqual([lost("autoplay")]);
    expect([session.state.is, rooms.last.left, screen.primed]).toEqual(["failed", true, 0]);
    session.setWanted(true);
    // Inside the click, or the browser would refuse again.
    expect(screen.primed).toBe(1);
    await pass();
    rooms.last.ready();
    await pass();
    expect([session.state.is, rooms.last.address, asked]).toEqual(["connected", ADDRESS, 0]);
  });

  it("because of a slow network asks for another conversation once its own may be closed", async () => {
    await connect();
    rooms.last.events.onlost("bandwidth");
    expect(sent).toEqual([lost("bandwidth")]);
    await pass(59_000);
    session.setWanted(true);
    await pass();
    expect([rooms.opened.length, asked]).toEqual([2, 0]);
    rooms.last.ready();
    await pass();
    rooms.last.events.onlost("bandwidth");
    await pass(61_000);
    renewals.push({ address: OTHER });
    session.setWanted(true);
    await pass();
    expect([rooms.last.address, asked]).toEqual([OTHER, 1]);
  });

  it("says why there is no other conversation, and can ask again", async () => {
    await connect();
    rooms.last.events.onlost("shutdown");
    renewals.push({ address: null, message: "All states are taken.", retryable: true }, { address: OTHER });
    session.setWanted(true);
    await pass();
    expect(session.state).toEqual({ is: "failed", message: "All states are taken.", retryable: true });
    session.setWanted(true);
    await pass();
    expect(rooms.last.address).toEqual(OTHER);
  });

  it("does not ask again when asking does not help", async () => {
    await connect();
    rooms.last.events.onlost("shutdown");
    renewals.push({ address: null, message: "No more.", retryable: false });
    session.setWanted(true);
    await pass();
    session.setWanted(true);
    await pass();
    expect([session.state, asked]).toEqual([{ is: "failed", message: "No more.", retryable: false }, 1]);
  });

  it("pays for one conversation per click", async () => {
    await connect();
    rooms.last.events.onlost("shutdown");
    renewals.push({ address: OTHER });
    session.setWanted(true);
    await pass();
    rooms.last.events.onlost("shutdown");
    await pass(60_000);
    expect([session.state.is, asked]).toEqual(["failed", 1]);
  });
});

describe("the candidate's choice", () => {
  it("off takes effect at once", async () => {
    await connect();
    session.echo(ECHO);
    session.setWanted(false);
    expect(sent).toEqual([{ type: "output", mode: "voice" }]);
    expect([session.state.is, rooms.last.left, screen.shown, screen.silent]).toEqual([
      "off",
      true,
      false,
      true,
    ]);
    expect(kept).toEqual([{ address: ADDRESS, wanted: false }]);
    expect(session.hello()).toBe("voice");
    await pass(600_000);
    expect(rooms.opened).toHaveLength(1);
  });

  it("on takes effect when the avatar is connected", async () => {
    await connect();
    session.setWanted(false);
    session.setWanted(true);
    await pass();
    expect(sent).toEqual([{ type: "output", mode: "voice" }]);
    rooms.last.ready();
    await pass();
    expect(sent.slice(1)).toEqual([{ type: "output", mode: "avatar" }, READY]);
  });

  it("during a pause starts the pauses over", async () => {
    await connect();
    rooms.last.events.onlost("room");
    await pass(100);
    session.setWanted(false);
    session.setWanted(true);
    await pass(100);
    rooms.last.events.onlost("room");
    await pass(499);
    expect(rooms.opened).toHaveLength(2);
    await pass(1);
    expect(rooms.opened).toHaveLength(3);
  });

  it("on asks for another conversation when the first one has ended", async () => {
    await connect();
    session.setWanted(false);
    renewals.push({ address: OTHER });
    session.setWanted(true);
    await pass();
    rooms.last.events.onlost("shutdown");
    await pass();
    expect([rooms.last.address, asked]).toEqual([OTHER, 1]);
  });

  it("on asks for a first conversation where there was none at the start", async () => {
    await open({ address: null });
    renewals.push({ address: OTHER });
    session.setWanted(true);
    await pass();
    rooms.last.ready();
    await pass();
    expect(sent).toEqual([{ type: "output", mode: "avatar" }, READY]);
  });

  it("off during a request keeps the new conversation for later", async () => {
    let come = (_: Renewal) => {};
    const renew = vi.fn(() => new Promise<Renewal>((resolve) => (come = resolve)));
    await open({ address: null, renew });
    session.setWanted(true);
    session.setWanted(false);
    session.setWanted(true);
    session.setWanted(false);
    come({ address: OTHER });
    await pass();
    expect(renew).toHaveBeenCalledOnce();
    expect([session.state.is, rooms.opened]).toEqual(["off", []]);
    expect(kept.at(-1)).toEqual({ address: OTHER, wanted: false });
    session.setWanted(true);
    await pass();
    expect(renew).toHaveBeenCalledOnce();
    expect(rooms.last.address).toEqual(OTHER);
  });

  it("without a connection is sent on the next one", async () => {
    await connect();
    setConnected(false);
    session.setWanted(false);
    setConnected(true);
    // The hello was sent before the click.
    session.relayReady();
    expect(sent).toEqual([{ type: "output", mode: "voice" }]);
  });
});
