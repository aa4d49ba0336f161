import { beforeEach, describe, expect, it } from "vitest";
import { Seat } from "../avatar/session";
import { TestHouse, TestScreen } from "../testing/avatar";
import { begin, enter, live, PLAYED, played, relay, SPOKEN, settled, speaker } from "../testing/interview";
import { type Line, READY, until } from "../testing/relay";

describe("the face", () => {
  const PLACE = { url: "https://tavus.daily.co/c1", token: "t1" };
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
  let house: TestHouse;
  let screen: TestScreen;

  beforeEach(() => {
    house = new TestHouse();
    screen = new TestScreen();
  });

  function sit(): void {
    begin({
      seat: (hooks) =>
        new Seat({
          ...hooks,
          place: PLACE,
          wanted: true,
          renew: async () => ({ place: null, word: "None.", again: true }),
          open: house.open,
          screen,
          patience: { first: 1, longest: 1 },
        }),
    });
  }

  /** In the interview, with the replica in its room. */
  async function meet(): Promise<Line> {
    sit();
    const line = await relay.line();
    line.say({ ...READY, output: "avatar" });
    await until(() => expect(live.scene().link.state).toBe("open"));
    await until(() => expect(house.rooms).toHaveLength(1));
    house.room.ready();
    await line.heard({ type: "avatar", state: "ready", max_message_bytes: 4096 });
    expect(live.scene().face.is).toBe("here");
    return line;
  }

  it("is asked for in the hello, and seen when it is there", async () => {
    const line = await meet();
    expect(line.received[0]).toMatchObject({ type: "hello", output: "avatar" });
    expect(live.picture).toBe(screen.picture);
  });

  it("is none without a seat", async () => {
    await enter();
    expect([live.scene().face, live.picture]).toEqual([{ is: "none" }, null]);
  });

  it("is handed what it is to say, unread, and nothing is drawn anew for it", async () => {
    const line = await meet();
    await settled(line);
    let drawn = 0;
    live.watch(() => drawn++);
    line.say(ECHO, ECHO);
    await until(() => expect(house.room.sent).toEqual([ECHO.event, ECHO.event]));
    expect(drawn).toBe(0);
  });

  it("says itself that it speaks and has spoken; the page does not say `played` for it", async () => {
    const line = await meet();
    line.say(ECHO);
    await settled(line);
    house.room.events.onspeaking(true);
    expect(live.sounding).toBe(true);
    line.say(SPOKEN);
    await settled(line);
    house.room.events.onspeaking(false);
    await line.heard({ type: "avatar", state: "silent" });
    expect(live.sounding).toBe(false);
    expect(played(line)).toBe(0);
  });

  it("is silent while the relay speaks itself, which is reported as played", async () => {
    const line = await meet();
    line.say(ECHO);
    await until(() => expect(screen.silent).toBe(false));
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN);
    await settled(line);
    expect(screen.silent).toBe(true);
    speaker.play();
    await line.heard(PLAYED);
  });

  it("that is lost in the middle of a turn leaves the rest to the loudspeaker", async () => {
    const line = await meet();
    line.say(ECHO);
    await until(() => expect(house.room.sent).toHaveLength(1));
    house.room.events.onlost("room");
    await line.heard({ type: "avatar", state: "lost", reason: "room" });
    // All of it had been heard: nothing is left to play.
    line.say(SPOKEN);
    await line.heard(PLAYED);
    await until(() => expect(house.rooms).toHaveLength(2));
    house.room.ready();
    await until(() => expect(live.scene().face.is).toBe("here"));
  });

  it("is silenced by an interruption, and by the end", async () => {
    const line = await meet();
    line.say(ECHO);
    await until(() => expect(screen.silent).toBe(false));
    house.room.events.onspeaking(true);
    line.say({ type: "interrupted", turn: 0 });
    await until(() => expect(screen.silent).toBe(true));
    house.room.events.onspeaking(false);
    house.room.events.onspeaking(true);
    expect(screen.silent).toBe(false);
    live.end();
    expect(screen.silent).toBe(true);
  });

  it("paces its captions by its own speaking", async () => {
    const line = await meet();
    line.say(INTERVIEWER);
    await settled(line);
    const now = performance.now();
    expect(live.voice(0, now)).toMatchObject({ received: null, heard: 0 });
    house.room.events.onspeaking(true);
    expect(live.voice(0, now + 5000)?.heard).toBeGreaterThan(4);
    line.say(SPOKEN);
    await settled(line);
    house.room.events.onspeaking(false);
    expect(live.voice(0, now + 5000)?.complete).toBe(true);
    expect(live.voice(7, now)).toBeNull();
  });

  it("that the relay gives up goes and comes anew", async () => {
    const line = await meet();
    line.say({ type: "notice", code: "avatar_lost", message: "The video has no sound." });
    await until(() => expect(house.rooms).toHaveLength(2));
    expect(house.rooms[0]?.left).toBe(true);
    expect(line.received).not.toContainEqual(expect.objectContaining({ state: "lost" }));
  });

  it("is turned off and on by the candidate", async () => {
    const line = await meet();
    live.video(false);
    await line.heard({ type: "output", mode: "voice" });
    expect([live.scene().face.is, house.room.left]).toEqual(["off", true]);
    live.video(true);
    await until(() => expect(house.rooms).toHaveLength(2));
    house.room.ready();
    await line.heard({ type: "output", mode: "avatar" });
  });

  it("is told to every new line, and asked for in its hello as the candidate has it by then", async () => {
    const line = await meet();
    house.room.events.onspeaking(true);
    line.say({ type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    next.say({ ...READY, output: "avatar", resumed: true });
    await next.heard({ type: "avatar", state: "speaking" });
    expect(next.received).toContainEqual({ type: "avatar", state: "ready", max_message_bytes: 4096 });
    live.video(false);
    next.say({ type: "reconnect", after_ms: 0 });
    expect((await relay.line(2)).received[0]).toMatchObject({ type: "hello", output: "voice" });
  });

  it("leaves its room with the page", async () => {
    await meet();
    live.close();
    expect(house.room.left).toBe(true);
  });
});
