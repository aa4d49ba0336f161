import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { Renewal } from "../../avatar/conversation";
import { TestRooms, TestScreen } from "../../testing/avatar";
import { faults } from "../../testing/axe";
import type { Peer } from "../../testing/relay";
import { button, enter, relay } from "../../testing/room";
import { SESSION } from "../../testing/samples";
import type { AvatarOptions } from "./Room";

describe("the interviewer on video", () => {
  const VIDEO = { conversation_url: "https://tavus.daily.co/c1", conversation_token: "t1" };
  const LOST = {
    type: "notice",
    code: "avatar_lost",
    message: "The video was lost. It continues by voice.",
  } as const;
  const BACK = { type: "notice", code: "avatar_back", message: "The interviewer is back on video." } as const;
  let rooms: TestRooms;
  let screens: TestScreen[];
  let kept: unknown[];
  let renewals: Renewal[];

  beforeEach(() => {
    rooms = new TestRooms();
    screens = [];
    kept = [];
    renewals = [];
  });

  /** In the room, with the avatar connecting. */
  async function connecting(session: Partial<typeof SESSION> = VIDEO, offered = true): Promise<Peer> {
    const screen = new TestScreen();
    screens.push(screen);
    const avatar: AvatarOptions = {
      renew: async () =>
        renewals.shift() ?? { address: null, message: "No video is available.", retryable: true },
      onkeep: (part) => kept.push(part),
      open: rooms.open,
      screen,
      timeouts: { first: 1, longest: 1 },
    };
    return enter({ session: { ...SESSION, stream_url: relay.url, ...session }, avatar, offered });
  }

  async function connected(): Promise<Peer> {
    const peer = await connecting();
    await waitFor(() => expect(rooms.opened).toHaveLength(1));
    act(() => rooms.last.ready());
    await peer.waitFor({ type: "avatar", state: "ready", max_message_bytes: 4096 });
    return peer;
  }

  const stage = () => screen.getByRole("region", { name: "Interviewer" });
  const video = () => screen.getByRole("switch", { name: "Video" });

  it("is drawn until the video is there, and has a name", async () => {
    await connecting();
    await waitFor(() => expect(rooms.opened).toHaveLength(1));
    expect(stage().dataset.avatar).toBe("connecting");
    screen.getByText("Video is connecting");
    expect(await faults()).toEqual([]);
    act(() => rooms.last.ready());
    await waitFor(() => expect(stage().dataset.avatar).toBe("connected"));
    expect(stage().contains(screens[0]?.picture ?? null)).toBe(true);
    expect(screen.getByLabelText("The interviewer, on video").tagName).toBe("VIDEO");
    expect(screen.queryByText("Video is connecting")).toBeNull();
    expect(await faults()).toEqual([]);
  });

  it("counts as speaking while the avatar is audible", async () => {
    const peer = await connected();
    peer.send({ type: "echo", event: {} });
    await waitFor(() => expect(screens[0]?.silent).toBe(false));
    act(() => rooms.last.events.onspeaking(true));
    await screen.findByText("The interviewer is speaking");
    act(() => rooms.last.events.onspeaking(false));
    await screen.findByText("Your turn");
  });

  it("is reported lost in one line, and back in one line", async () => {
    const peer = await connected();
    act(() => rooms.last.events.onlost("room"));
    peer.send(LOST);
    const words = await screen.findByText(LOST.message);
    expect(words.closest("[role=status]")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Bring/ })).toBeNull();
    await waitFor(() => expect(rooms.opened).toHaveLength(2));
    act(() => rooms.last.ready());
    await waitFor(() => expect(screen.queryByText(LOST.message)).toBeNull());
    peer.send(BACK);
    await screen.findByText(BACK.message);
  });

  it("that has failed is brought back by a click, and stored for a reload", async () => {
    const user = userEvent.setup();
    const peer = await connected();
    act(() => rooms.last.events.onlost("shutdown"));
    peer.send(LOST);
    await screen.findByText(LOST.message);
    expect(video().getAttribute("aria-checked")).toBe("false");
    expect(await faults()).toEqual([]);
    const address = { url: "https://tavus.daily.co/c2", token: "t2" };
    renewals.push({ address });
    await user.click(button("Bring the video back"));
    await waitFor(() => expect(rooms.last.address).toEqual(address));
    expect(kept.at(-1)).toEqual({ address, wanted: true });
    expect(screen.queryByRole("button", { name: /Bring/ })).toBeNull();
  });

  it("that is unavailable says why, in the same line", async () => {
    const user = userEvent.setup();
    const peer = await connected();
    act(() => rooms.last.events.onlost("shutdown"));
    peer.send(LOST);
    await user.click(await screen.findByRole("button", { name: "Bring the video back" }));
    await screen.findByText("No video is available.");
    expect(screen.queryByText(LOST.message)).toBeNull();
    renewals.push({ address: null, message: "No more video for this interview.", retryable: false });
    await user.click(button("Bring the video back"));
    await screen.findByText("No more video for this interview.");
    expect(screen.queryByRole("button", { name: /Bring/ })).toBeNull();
    expect(screen.queryByRole("switch", { name: "Video" })).toBeNull();
  });

  it("is turned off and on by a switch, without a notice", async () => {
    const user = userEvent.setup();
    const peer = await connected();
    expect(video().getAttribute("aria-checked")).toBe("true");
    await user.click(video());
    await peer.waitFor({ type: "output", mode: "voice" });
    expect(video().getAttribute("aria-checked")).toBe("false");
    expect(stage().dataset.avatar).toBe("off");
    expect(screen.queryByText(/by voice/)).toBeNull();
    await user.click(video());
    await waitFor(() => expect(rooms.opened).toHaveLength(2));
    expect(kept).toMatchObject([{ wanted: false }, { wanted: true }]);
  });

  it("is not mentioned where the site has no video", async () => {
    await connecting({}, false);
    expect(screen.queryByRole("switch", { name: "Video" })).toBeNull();
    expect(screen.queryByText(/video/i)).toBeNull();
  });

  it("can be turned on where the candidate started without", async () => {
    const user = userEvent.setup();
    const peer = await connecting({ output: "voice" });
    expect(peer.received[0]).toMatchObject({ output: "voice" });
    renewals.push({ address: { url: VIDEO.conversation_url, token: "t1" } });
    await user.click(video());
    await waitFor(() => expect(rooms.opened).toHaveLength(1));
  });

  it("that was unavailable at the start is reported in one line", async () => {
    await connecting({ warnings: ["All video connections are in use. The interview continues by voice."] });
    screen.getByText(/All video connections are in use/);
    expect(screen.queryByRole("button", { name: /Bring/ })).toBeNull();
    expect(await faults()).toEqual([]);
    // The newer message replaces it.
    await userEvent.click(video());
    await screen.findByText("No video is available.");
    expect(screen.queryByText(/All video connections are in use/)).toBeNull();
  });
});
