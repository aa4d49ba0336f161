import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { rememberMicrophone } from "../../media/preferences";
import { FakeMachine } from "../../testing/audio";
import { TestRooms, TestScreen } from "../../testing/avatar";
import { faults } from "../../testing/axe";
import { TestMedia } from "../../testing/media";
import type { Peer } from "../../testing/relay";
import { button, enter, microphone, relay, show, speaker } from "../../testing/room";
import { SESSION } from "../../testing/samples";

let media: TestMedia;

beforeEach(() => {
  FakeMachine.install();
  media = new TestMedia(["first", "second"]);
  vi.useFakeTimers({ shouldAdvanceTime: true });
});

afterEach(() => {
  vi.useRealTimers();
});

const user = () => userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
const pass = (seconds: number) => act(() => vi.advanceTimersByTimeAsync(seconds * 1000));
const unheard = () => screen.queryByText("We can't hear you. Is your microphone muted?");

/** The interviewer has the floor for a moment. Without any message for 18 s the page takes the connection for dead. */
async function interject(peer: Peer): Promise<void> {
  peer.send({ type: "floor", holder: "interviewer" });
  await screen.findByText("The interviewer is speaking");
  peer.send({ type: "floor", holder: "candidate" });
  await screen.findByText("Your turn");
}

describe("a microphone that sends nothing on the candidate's turn", () => {
  it("is named after ten seconds, until a sound comes", async () => {
    await enter({ media });
    await pass(8);
    expect(unheard()).toBeNull();
    await pass(3);
    expect(unheard()).toBeTruthy();
    screen.getByText("“Microphone first”");
    expect(await faults()).toEqual([]);
    microphone.lastSound = performance.now();
    await pass(0.5);
    expect(unheard()).toBeNull();
  });

  it("is nothing to tell while it makes the slightest sound", async () => {
    await enter({ media });
    for (let second = 0; second < 20; second++) {
      microphone.lastSound = performance.now();
      await pass(1);
    }
    expect(unheard()).toBeNull();
  });

  it("is told in two seconds when the system says that it has muted it", async () => {
    await enter({ media });
    microphone.withheld = true;
    await pass(3);
    expect(unheard()).toBeTruthy();
    screen.getByText(/Your device or your system has muted it/);
    microphone.withheld = false;
    microphone.lastSound = performance.now();
    await pass(0.5);
    expect(unheard()).toBeNull();
  });

  it("is nothing to tell while the interviewer has the floor, or can still be heard", async () => {
    const peer = await enter({ media });
    speaker.idle = false;
    await screen.findByText("The interviewer is speaking");
    await pass(11);
    expect(unheard()).toBeNull();
    speaker.idle = true;
    await screen.findByText("Your turn");
    await interject(peer);
    await pass(8);
    expect(unheard()).toBeNull();
    await pass(4);
    expect(unheard()).toBeTruthy();
    peer.send({ type: "floor", holder: "interviewer" });
    await screen.findByText("The interviewer is speaking");
    expect(unheard()).toBeNull();
    await pass(11);
    expect(unheard()).toBeNull();
  });

  it("is nothing to tell while the candidate has muted it, or thinks", async () => {
    const peer = await enter({ media });
    await user().click(button(/^Mute/));
    await pass(11);
    expect(unheard()).toBeNull();
    await user().click(button(/^Unmute/));
    peer.send({ type: "floor", holder: "thinking" });
    await screen.findByText("Take your time.");
    await pass(11);
    expect(unheard()).toBeNull();
  });

  it("is nothing to tell to somebody who types", async () => {
    const peer = await enter({ media });
    await pass(11);
    expect(unheard()).toBeTruthy();
    await user().type(screen.getByLabelText("Your typed answer"), "I write instead.");
    await pass(0.5);
    expect(unheard()).toBeNull();
    await user().click(button("Send"));
    act(() => screen.getByLabelText("Your typed answer").blur());
    await interject(peer);
    await pass(11);
    expect(unheard()).toBeNull();
    await interject(peer);
    // They speak, and then nothing comes again.
    microphone.lastSound = performance.now();
    await pass(11);
    expect(unheard()).toBeTruthy();
  });

  it("is nothing to tell without a microphone", async () => {
    await enter({ media, microphone: null });
    await pass(15);
    expect(unheard()).toBeNull();
  });

  it("can be replaced from there, and the next one is preferred", async () => {
    await enter({ media });
    await pass(11);
    await user().click(button("Choose another one"));
    await user().selectOptions(screen.getByLabelText("Microphone"), "Microphone second");
    await user().click(button("Use this microphone"));
    expect(media.opened.map(({ deviceId }) => deviceId)).toEqual(["second"]);
    expect(microphone.stopped).toBe(true);
    await pass(0.5);
    expect(unheard()).toBeNull();
    expect(localStorage.getItem("interviewer.microphone")).toBe("second");
  });

  it("leads to typing by a button", async () => {
    await enter({ media });
    await pass(11);
    const [inNotice] = screen.getAllByRole("button", { name: "Type an answer" });
    await user().click(inNotice as HTMLElement);
    await pass(0.5);
    expect(unheard()).toBeNull();
    expect(document.activeElement).toBe(screen.getByLabelText("Your typed answer"));
  });
});

describe("a microphone that is unplugged", () => {
  it("is replaced by the one that remains, and used again when it is back", async () => {
    rememberMicrophone("first");
    await enter({ media });
    act(() => {
      media.plug("second");
      microphone.onended?.();
    });
    await screen.findByText("“Microphone second”");
    screen.getByText(/“Microphone first” was disconnected/);
    expect(screen.queryByText("Your microphone was disconnected")).toBeNull();
    expect(button(/^Mute/)).toBeTruthy();
    act(() => media.plug("second", "first"));
    await screen.findByText(/is back\. We're using it again/);
    expect(media.opened.map(({ deviceId, stopped }) => [deviceId, stopped])).toEqual([
      ["second", true],
      ["first", false],
    ]);
    await pass(13);
    expect(screen.queryByText(/is back/)).toBeNull();
  });

  it("stays muted through that if the candidate had muted it", async () => {
    await enter({ media });
    await user().click(button(/^Mute/));
    act(() => {
      media.plug("second");
      microphone.onended?.();
    });
    await waitFor(() => expect(media.opened[0]?.muted).toBe(true));
    expect(button(/^Unmute/)).toBeTruthy();
  });

  it("is asked for when none remains", async () => {
    await enter({ media });
    act(() => {
      media.plug();
      microphone.onended?.();
    });
    await screen.findByText("Your microphone was disconnected");
    act(() => media.plug("second"));
    await screen.findByText("“Microphone second”");
    expect(screen.queryByText("Your microphone was disconnected")).toBeNull();
  });

  it("leaves no device open when the room is left", async () => {
    const { unmount } = show({ media });
    await screen.findByRole("button", { name: /^Mute/ });
    act(() => {
      media.plug("second");
      microphone.onended?.();
    });
    await screen.findByText("“Microphone second”");
    unmount();
    expect(media.opened.map(({ stopped }) => stopped)).toEqual([true]);
  });
});

it("the loudspeaker can be chosen in the room", async () => {
  await enter({ media });
  await user().selectOptions(await screen.findByLabelText("Play the sound through"), "Loudspeaker monitor");
  expect(speaker.device).toBe("monitor");
});

it("the loudspeaker that is chosen plays the interviewer on video too", async () => {
  const [rooms, screened] = [new TestRooms(), new TestScreen()];
  const session = { ...SESSION, stream_url: relay.url, conversation_url: "https://x.daily.co/room" };
  const avatar = {
    renew: async () => ({ address: null, message: "", retryable: false }),
    onkeep: () => undefined,
    open: rooms.open,
    screen: screened,
  };
  await enter({ media, session, avatar });
  await user().selectOptions(await screen.findByLabelText("Play the sound through"), "Loudspeaker monitor");
  expect([speaker.device, screened.device]).toEqual(["monitor", "monitor"]);
});
