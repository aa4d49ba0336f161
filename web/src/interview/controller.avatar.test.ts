import { beforeEach, describe, expect, it } from "vitest";
import { AvatarSession } from "../avatar/session";
import { TestRooms, TestScreen } from "../testing/avatar";
import {
  begin,
  enter,
  handled,
  interview,
  PLAYED,
  played,
  relay,
  SPOKEN,
  speaker,
} from "../testing/interview";
import { type Peer, READY } from "../testing/relay";
import { until } from "../testing/until";

describe("the avatar", () => {
  const ADDRESS = { url: "https://tavus.daily.co/c1", token: "t1" };
  const ECHO = {
    type: "echo",
    event: { event_type: "conversation.echo", properties: { audio: "AAAA" } },
  } as const;
  const INTERVIEWER = {
    type: "caption",
    turn: 0,
    speaker: "interviewer",
    text: "Hello",
    final: false,
  } as const;
  let rooms: TestRooms;
  let screen: TestScreen;

  beforeEach(() => {
    rooms = new TestRooms();
    screen = new TestScreen();
  });

  function open(): void {
    begin({
      avatar: (hooks) =>
        new AvatarSession({
          ...hooks,
          address: ADDRESS,
          wanted: true,
          renew: async () => ({ address: null, message: "None.", retryable: true }),
          open: rooms.open,
          screen,
          timeouts: { first: 1, longest: 1 },
        }),
    });
  }

  /** In the interview, with a connected avatar. */
  async function connected(): Promise<Peer> {
    open();
    const peer = await relay.peer();
    peer.send({ ...READY, output: "avatar" });
    await until(() => expect(interview.scene().link.state).toBe("open"));
    await until(() => expect(rooms.opened).toHaveLength(1));
    rooms.last.ready();
    await peer.waitFor({ type: "avatar", state: "ready", max_message_bytes: 4096 });
    expect(interview.scene().avatar.is).toBe("connected");
    return peer;
  }

  it("is asked for in the hello, and connected when the replica is there", async () => {
    const peer = await connected();
    expect(peer.received[0]).toMatchObject({ type: "hello", output: "avatar" });
    expect(interview.picture).toBe(screen.picture);
  });

  it("does not exist without an avatar session", async () => {
    await enter();
    expect([interview.scene().avatar, interview.picture]).toEqual([{ is: "none" }, null]);
  });

  it("gets each echo unread, and nothing is rendered for it", async () => {
    const peer = await connected();
    await handled(peer);
    let drawn = 0;
    interview.watch(() => drawn++);
    peer.send(ECHO, ECHO);
    await until(() => expect(rooms.last.sent).toEqual([ECHO.event, ECHO.event]));
    expect(drawn).toBe(0);
  });

  it("reports itself that it speaks; the page sends no `played` for it", async () => {
    const peer = await connected();
    peer.send(ECHO);
    await handled(peer);
    rooms.last.events.onspeaking(true);
    expect(interview.sounding).toBe(true);
    peer.send(SPOKEN);
    await handled(peer);
    rooms.last.events.onspeaking(false);
    await peer.waitFor({ type: "avatar", state: "silent" });
    expect(interview.sounding).toBe(false);
    expect(played(peer)).toBe(0);
  });

  it("is muted while the relay plays its own voice, which is reported as played", async () => {
    const peer = await connected();
    peer.send(ECHO);
    await until(() => expect(screen.silent).toBe(false));
    peer.socket.send(Buffer.alloc(4800));
    peer.send(SPOKEN);
    await handled(peer);
    expect(screen.silent).toBe(true);
    speaker.play();
    await peer.waitFor(PLAYED);
  });

  it("speaks again after a turn by the relay's voice, and the page sends no `played` for it", async () => {
    const peer = await connected();
    peer.socket.send(Buffer.alloc(4800));
    peer.send(SPOKEN);
    await handled(peer);
    speaker.play();
    await peer.waitFor(PLAYED);
    peer.send(ECHO, { ...SPOKEN, turn: 2 });
    await handled(peer);
    speaker.play();
    interview.done();
    await peer.waitFor({ type: "done" });
    expect(played(peer)).toBe(1);
  });

  it("that is lost during a turn leaves the rest to the speaker", async () => {
    const peer = await connected();
    peer.send(ECHO);
    await until(() => expect(rooms.last.sent).toHaveLength(1));
    rooms.last.events.onlost("room");
    await peer.waitFor({ type: "avatar", state: "lost", reason: "room" });
    // All of it had been played: nothing is left to play.
    peer.send(SPOKEN);
    await peer.waitFor(PLAYED);
    await until(() => expect(rooms.opened).toHaveLength(2));
    rooms.last.ready();
    await until(() => expect(interview.scene().avatar.is).toBe("connected"));
  });

  it("is muted by an interruption, and by the end", async () => {
    const peer = await connected();
    peer.send(ECHO);
    await until(() => expect(screen.silent).toBe(false));
    rooms.last.events.onspeaking(true);
    peer.send({ type: "interrupted", turn: 0 });
    await until(() => expect(screen.silent).toBe(true));
    rooms.last.events.onspeaking(false);
    rooms.last.events.onspeaking(true);
    expect(screen.silent).toBe(false);
    interview.end();
    expect(screen.silent).toBe(true);
  });

  it("sets the pace of its captions", async () => {
    const peer = await connected();
    peer.send(INTERVIEWER);
    await handled(peer);
    const now = performance.now();
    expect(interview.progress(0, now)).toMatchObject({ received: null, played: 0 });
    rooms.last.events.onspeaking(true);
    expect(interview.progress(0, now + 5000)?.played).toBeGreaterThan(4);
    peer.send(SPOKEN);
    await handled(peer);
    rooms.last.events.onspeaking(false);
    expect(interview.progress(0, now + 5000)?.complete).toBe(true);
    expect(interview.progress(7, now)).toBeNull();
  });

  it("that the relay gives up reconnects", async () => {
    const peer = await connected();
    peer.send({ type: "notice", code: "avatar_lost", message: "The video has no sound." });
    await until(() => expect(rooms.opened).toHaveLength(2));
    expect(rooms.opened[0]?.left).toBe(true);
    expect(peer.received).not.toContainEqual(expect.objectContaining({ state: "lost" }));
  });

  it("is turned off and on by the candidate", async () => {
    const peer = await connected();
    interview.video(false);
    await peer.waitFor({ type: "output", mode: "voice" });
    expect([interview.scene().avatar.is, rooms.last.left]).toEqual(["off", true]);
    interview.video(true);
    await until(() => expect(rooms.opened).toHaveLength(2));
    rooms.last.ready();
    await peer.waitFor({ type: "output", mode: "avatar" });
  });

  it("is reported on each new connection, whose hello has the candidate's choice", async () => {
    const peer = await connected();
    rooms.last.events.onspeaking(true);
    peer.send({ type: "reconnect", after_ms: 0 });
    const next = await relay.peer(1);
    next.send({ ...READY, output: "avatar", resumed: true });
    await next.waitFor({ type: "avatar", state: "speaking" });
    expect(next.received).toContainEqual({ type: "avatar", state: "ready", max_message_bytes: 4096 });
    interview.video(false);
    next.send({ type: "reconnect", after_ms: 0 });
    expect((await relay.peer(2)).received[0]).toMatchObject({ type: "hello", output: "voice" });
  });

  it("leaves its room when the page is closed", async () => {
    await connected();
    interview.close();
    expect(rooms.last.left).toBe(true);
  });
});
