import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Peer, READY, TestRelay } from "../testing/relay";
import { BUSY_MS, until } from "../testing/until";
import { Connection, type ConnectionOptions, type Link } from "./connection";
import type { ServerMessage } from "./messages";

let relay: TestRelay;
let links: Link[];
let messages: ServerMessage[];
let audio: number[];
let faults: string[];
let connection: Connection | undefined;

beforeEach(async () => {
  links = [];
  messages = [];
  audio = [];
  faults = [];
  relay = await TestRelay.listen();
});

afterEach(async () => {
  connection?.close();
  connection = undefined;
  await relay.close();
});

function dial(more: Partial<ConnectionOptions> = {}): Connection {
  connection = new Connection({
    url: relay.url,
    token: "t0ken",
    output: () => "voice",
    onmessage: (message) => messages.push(message),
    onaudio: (pcm) => audio.push(pcm.byteLength),
    onlink: (link) => links.push(link),
    onfault: (error) => faults.push(error.message),
    timeouts: { first: 20, longest: 60, answer: BUSY_MS, attempts: 3, faults: 3, quiet: BUSY_MS },
    ...more,
  });
  return connection;
}

async function open(number = 0): Promise<Peer> {
  const opened = await relay.peer(number);
  opened.send(READY);
  await until(() => expect(connection?.link.state).toBe("open"));
  return opened;
}

it("sends the hello first, and is open after `ready`", async () => {
  const dialled = dial();
  const { received, socket } = await relay.peer();
  expect(received).toEqual([{ type: "hello", token: "t0ken", output: "voice" }]);
  expect(dialled.link.state).toBe("connecting");
  expect(dialled.send({ type: "end" })).toBe(false);
  dialled.sendAudio(new ArrayBuffer(1280));
  socket.send(JSON.stringify(READY));
  await until(() => expect(dialled.link.state).toBe("open"));
  expect(dialled.send({ type: "text", text: "Hi" })).toBe(true);
  dialled.sendAudio(new ArrayBuffer(1280));
  await until(() => expect(received.slice(1)).toEqual([{ type: "text", text: "Hi" }, 1280]));
});

it("asks for the output at each dial", async () => {
  let output: "voice" | "avatar" = "voice";
  dial({ output: () => output });
  const first = await open();
  output = "avatar";
  first.socket.terminate();
  const second = await open(1);
  expect([first, second].map(({ received }) => received[0])).toMatchObject([
    { output: "voice" },
    { output: "avatar" },
  ]);
});

it("passes on audio and messages in their order, and leaves out unreadable frames", async () => {
  dial();
  const { socket } = await open();
  socket.send(Buffer.alloc(960));
  socket.send("not json");
  socket.send('{"type":"something_new"}');
  socket.send('{"type":"spoken","turn":0}');
  await until(() => expect(messages.at(-1)).toEqual({ type: "spoken", turn: 0 }));
  expect(messages).toHaveLength(2);
  expect(audio).toEqual([960]);
  expect(faults).toEqual(["a frame is no JSON"]);
});

describe("a lost connection", () => {
  it("is opened again with the same session", async () => {
    dial();
    const first = await open();
    first.socket.terminate();
    const second = await open(1);
    expect(second.received[0]).toEqual(first.received[0]);
    expect(links.map((link) => link.state)).toEqual(["open", "reconnecting", "open"]);
  });

  it.each([1011, 1012, 1006, 4408])("is opened again after %i", async (code) => {
    dial();
    const { socket } = await open();
    if (code === 1006) socket.terminate();
    else socket.close(code);
    await open(1);
  });

  it("is shown as busy when the relay is full", async () => {
    dial();
    (await relay.peer()).socket.close(4429);
    await until(() => expect(links).toContainEqual({ state: "reconnecting", busy: true, quiet: false }));
    await open(1);
  });

  it("is retried for as long as the relay is full", async () => {
    dial({ timeouts: { first: 5, longest: 10, attempts: 1, faults: 1 } });
    for (let number = 0; number < 5; number++) (await relay.peer(number)).socket.close(4429);
    await open(5);
  });

  it("is given up when it fails every time, without progress in between", async () => {
    const dialled = dial();
    for (let number = 0; number < 4; number++) {
      const { socket } = await open(number);
      // Restored captions are no progress.
      socket.send('{"type":"caption","turn":0,"speaker":"interviewer","text":"Hello.","final":true}');
      socket.close(1011);
      await until(() => expect(dialled.link.state).not.toBe("open"));
    }
    expect(dialled.link).toEqual({ state: "closed", why: "faulty" });
  });

  it("is not given up while the interview goes on between the faults", async () => {
    const dialled = dial();
    for (let number = 0; number < 5; number++) {
      const { socket } = await open(number);
      if (number % 2) socket.send(Buffer.alloc(960));
      else socket.send('{"type":"caption","turn":1,"speaker":"candidate","text":"I","final":false}');
      socket.close(1011);
      await until(() => expect(dialled.link.state).not.toBe("open"));
    }
    expect(dialled.link.state).toBe("reconnecting");
  });

  it("is given up after the last attempt", async () => {
    const dialled = dial();
    await open();
    await relay.close();
    await until(() => expect(dialled.link).toEqual({ state: "closed", why: "unreachable" }));
  });

  it("moves to another relay when its own can't be reached, and stays there", async () => {
    const elsewhere = await TestRelay.listen();
    try {
      const dialled = dial({ others: [elsewhere.url], timeouts: { first: 5, longest: 10, attempts: 9 } });
      await open();
      await relay.close();
      const taken = await elsewhere.peer();
      taken.send(READY);
      await until(() => expect(dialled.link.state).toBe("open"));
      taken.socket.close(1012);
      const again = await elsewhere.peer(1);
      expect(again.received[0]).toEqual(taken.received[0]);
    } finally {
      await elsewhere.close();
    }
  });

  it("is opened again when the relay does not answer the hello", async () => {
    const dialled = dial({ timeouts: { first: 20, longest: 60, answer: 300 } });
    await relay.peer();
    // A busy machine may take longer than that to answer; then one of the next connections is opened.
    relay.greeting = [READY];
    await until(() => expect(dialled.link.state).toBe("open"));
    expect(relay.peers.length).toBeGreaterThan(1);
  });
});

describe("audio recorded while there is no connection", () => {
  const frames = (dialled: Connection, from: number, to: number) => {
    for (let size = from; size <= to; size++) dialled.sendAudio(new ArrayBuffer(2 * size));
  };

  it("is sent on the next connection, the newest two seconds of it", async () => {
    const dialled = dial();
    const first = await open();
    first.socket.terminate();
    await until(() => expect(dialled.link.state).toBe("reconnecting"));
    frames(dialled, 1, 60);
    const { received } = await open(1);
    frames(dialled, 61, 61);
    await until(() => expect(received).toHaveLength(1 + 51));
    expect(received.slice(1)).toEqual(Array.from({ length: 51 }, (_, index) => 2 * (index + 11)));
  });

  it("is dropped before the interview has begun", async () => {
    const dialled = dial();
    (await relay.peer()).socket.terminate();
    await until(() => expect(dialled.link.state).toBe("reconnecting"));
    frames(dialled, 1, 1);
    const { received } = await open(1);
    frames(dialled, 2, 2);
    await until(() => expect(received.slice(1)).toEqual([4]));
  });
});

describe("a connection that the relay moves", () => {
  it.each(["a message", "a close code"])("is opened again without a notice (by %s)", async (how) => {
    dial();
    const { socket } = await open();
    if (how === "a message") socket.send('{"type":"reconnect","after_ms":10}');
    else socket.close(1012);
    await open(1);
    expect(links.slice(1, -1)).toEqual([{ state: "reconnecting", busy: false, quiet: true }]);
  });

  it("is shown as lost once it takes too long, also with a busy relay", async () => {
    dial({ timeouts: { first: 20, longest: 60, quiet: 100 } });
    const { socket } = await open();
    socket.send('{"type":"reconnect","after_ms":10}');
    (await relay.peer(1)).socket.close(4429);
    await until(() => expect(links.at(-1)).toMatchObject({ state: "reconnecting", quiet: false }));
    expect(links.slice(1).findIndex((link) => "quiet" in link && !link.quiet)).toBeGreaterThan(0);
  });
});

describe("a nudge", () => {
  it("ends a pause", async () => {
    const dialled = dial({ timeouts: { first: 60_000, longest: 60_000 } });
    const first = await open();
    first.socket.terminate();
    await until(() => expect(dialled.link.state).toBe("reconnecting"));
    await until(() => {
      dialled.nudge();
      expect(relay.peers).toHaveLength(2);
    });
    await open(1);
  });

  it("keeps a connection that has received something lately", async () => {
    const dialled = dial({ timeouts: { suspect: 5000 } });
    await open();
    dialled.nudge();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(links).toEqual([{ state: "open" }]);
  });

  it("replaces a connection that has been silent and stays silent", async () => {
    const dialled = dial({ timeouts: { suspect: 20 } });
    await open();
    await new Promise((resolve) => setTimeout(resolve, 30));
    dialled.nudge();
    await open(1);
  });

  it("keeps a connection that has been silent but receives something", async () => {
    const dialled = dial({ timeouts: { suspect: 20 } });
    const { socket } = await open();
    await new Promise((resolve) => setTimeout(resolve, 30));
    dialled.nudge();
    socket.send('{"type":"time","elapsed_seconds":1,"remaining_seconds":2}');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(links).toEqual([{ state: "open" }]);
  });
});

it("replaces a connection that has fallen silent", async () => {
  dial({ timeouts: { first: 20, longest: 60, silence: 50 } });
  await open();
  await relay.peer(1);
});

it("waits for as long as the relay asks before it dials again", async () => {
  dial({ timeouts: { first: 20, longest: 60, quiet: 150 } });
  const { socket } = await open();
  const told = Date.now();
  socket.send('{"type":"reconnect","after_ms":300}');
  await relay.peer(1);
  expect(Date.now() - told).toBeGreaterThanOrEqual(290);
  expect(links.at(-1)).toEqual({ state: "reconnecting", busy: false, quiet: false });
});

it.each([
  [4400, "bad_message"],
  [4401, "not_found"],
  [4409, "taken_over"],
  [4410, "already_ended"],
  [4411, "suspended"],
  [1000, "ended"],
])("stays closed after %i, and reports the reason", async (code, why) => {
  const dialled = dial();
  const { socket } = await open();
  socket.close(code as number);
  await until(() => expect(dialled.link).toEqual({ state: "closed", why }));
  // Longer than the longest pause between two attempts.
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(relay.peers).toHaveLength(1);
  expect(dialled.send({ type: "end" })).toBe(false);
});

it("closes without reporting it", async () => {
  const dialled = dial();
  const { socket } = await open();
  const gone = once(socket, "close");
  dialled.close();
  const [code] = await gone;
  expect(code).toBe(1000);
  expect(links.map((link) => link.state)).toEqual(["open"]);
});
