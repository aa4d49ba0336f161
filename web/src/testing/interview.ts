import { afterEach, beforeEach, expect } from "vitest";
import { type ControllerOptions, InterviewController } from "../interview/controller";
import { TestMicrophone, TestSpeaker } from "./media";
import { type Peer, READY, TestRelay } from "./relay";
import { until } from "./until";

// One interview for each test of a file that imports this.

/** A speaker that plays when the test calls `play`, and counts its interruptions. */
class Speaker extends TestSpeaker {
  interruptions = 0;

  override push(pcm: ArrayBuffer): boolean {
    this.received += pcm.byteLength / 48_000;
    this.idle = false;
    return super.push(pcm);
  }

  override interrupt(): void {
    this.interruptions++;
  }

  play(): void {
    this.position = this.received;
    this.idle = true;
    this.onDrained?.();
  }
}

export let relay: TestRelay;
export let speaker: Speaker;
export let microphone: TestMicrophone;
export let interview: InterviewController;
/** The reasons passed to `onended`. */
export let reasons: string[];

beforeEach(async () => {
  relay = await TestRelay.listen();
  speaker = new Speaker();
  microphone = new TestMicrophone("first");
  reasons = [];
});

afterEach(async () => {
  interview.close();
  await relay.close();
});

export function begin(more: Partial<ControllerOptions> = {}): void {
  interview = new InterviewController({
    session: { session_token: "token-1", stream_url: relay.url },
    microphone,
    speaker,
    onended: (reason) => reasons.push(reason),
    ...more,
  });
}

/** In the interview, on an open connection. */
export async function enter(device: TestMicrophone | null = microphone): Promise<Peer> {
  begin({ microphone: device });
  const peer = await relay.peer();
  peer.send(READY);
  await until(() => expect(interview.scene().link.state).toBe("open"));
  return peer;
}

/** Resolves when the page has handled everything sent on this connection so far. */
export async function handled(peer: Peer): Promise<void> {
  const code = `mark ${Math.random()}`;
  peer.send({ type: "notice", code, message: "" });
  await until(() => expect(interview.scene().notes.at(-1)?.code).toBe(code));
}

export const SPOKEN = { type: "spoken", turn: 0 } as const;
export const PLAYED = { type: "played" };

/** How many `played` messages the page sent on this connection. */
export const played = ({ received }: Peer) =>
  received.filter((frame) => (frame as { type?: string }).type === "played").length;
