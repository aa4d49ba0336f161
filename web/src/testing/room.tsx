import { render, screen } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { Room, type RoomProps } from "../features/room/Room";
import { TestMicrophone, TestSpeaker } from "./media";
import { type Peer, READY, TestRelay } from "./relay";
import { SESSION } from "./samples";

// One room for each test of a file that imports this.

export let relay: TestRelay;
export let speaker: TestSpeaker;
export let microphone: TestMicrophone;
/** The reasons passed to `onEnded`. */
export let reasons: string[];

beforeEach(async () => {
  relay = await TestRelay.listen();
  speaker = new TestSpeaker();
  microphone = new TestMicrophone("first");
  reasons = [];
});

afterEach(async () => {
  sessionStorage.clear();
  await relay.close();
});

export function show(props: Partial<RoomProps> = {}) {
  const session = { ...SESSION, stream_url: relay.url };
  return render(
    <main>
      <Room
        session={session}
        microphone={microphone}
        speaker={speaker}
        camera={null}
        onEnded={(reason) => reasons.push(reason)}
        {...props}
      />
    </main>,
  );
}

/** In the room, connected, with the floor. */
export async function enter(props: Partial<RoomProps> = {}): Promise<Peer> {
  show(props);
  const peer = await relay.peer();
  peer.send(READY, { type: "floor", holder: "candidate" });
  await screen.findByText("Your turn");
  return peer;
}

export const button = (name: string | RegExp) => screen.getByRole("button", { name });
