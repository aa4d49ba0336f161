import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { ApiError } from "../../api/error";
import { TestMedia } from "../../testing/media";
import { SESSION } from "../../testing/samples";
import { Check } from "./Check";
import type { Prepare } from "./useBegin";

function open(media = new TestMedia(), prepare: Prepare = async () => SESSION) {
  const onReady = vi.fn();
  const onRefused = vi.fn();
  const page = render(
    <Check topic="Bees" returning={false} hasCv={false} {...{ media, prepare, onReady, onRefused }} />,
  );
  return { media, onReady, onRefused, ...page };
}

function withCamera(): TestMedia {
  const media = new TestMedia();
  media.hasCamera = true;
  return media;
}

const turnOnCamera = () => userEvent.click(screen.getByRole("button", { name: "Turn on the camera" }));
const turnOn = () => userEvent.click(screen.getByRole("button", { name: "Turn on the microphone" }));
const begin = (name: string | RegExp = /^Begin/) => userEvent.click(screen.getByRole("button", { name }));

it("asks for no microphone before the click", () => {
  expect(open().media.opened).toEqual([]);
});

it("shows that it picks up a voice, and hands over the open microphone", async () => {
  const { media, onReady } = open();
  await turnOn();
  const [microphone] = media.opened;
  if (!microphone) throw new Error("no microphone was opened");
  await screen.findByText(/Say a few words/);
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Microphone" })),
  );
  microphone.loudness = 0.75;
  await screen.findByText("We can hear you.");
  expect(screen.getByRole("meter").getAttribute("aria-valuenow")).toBe("75");
  await begin("Begin the interview");
  await waitFor(() => expect(onReady).toHaveBeenCalled());
  expect(onReady).toHaveBeenCalledWith(SESSION, { microphone, speaker: media.speakers[0], camera: null });
});

it("leaves the devices that it handed over open, and closes all others", async () => {
  const handed = open(withCamera());
  await turnOn();
  await turnOnCamera();
  await waitFor(() => expect(handed.media.cameras).toHaveLength(1));
  await begin();
  await waitFor(() => expect(handed.onReady).toHaveBeenCalled());
  handed.unmount();
  expect(handed.media.opened[0]?.stopped).toBe(false);
  expect(handed.media.cameras[0]?.stopped).toBe(false);
  expect(handed.media.speakers[0]?.state).toBe("running");

  const left = open(withCamera());
  await turnOn();
  await turnOnCamera();
  await waitFor(() => expect(left.media.cameras).toHaveLength(1));
  await userEvent.click(screen.getByRole("button", { name: "Play a test sound" }));
  expect(left.media.speakers[0]?.pushed).toBeCloseTo(0.66, 2);
  left.unmount();
  expect(left.media.opened[0]?.stopped).toBe(true);
  expect(left.media.cameras[0]?.stopped).toBe(true);
  await waitFor(() => expect(left.media.speakers[0]?.state).toBe("closed"));
});

it("releases a microphone that opens after the page was left", async () => {
  const { media, unmount } = open();
  const { openMicrophone } = media;
  let allow = () => {};
  const allowed = new Promise<void>((resolve) => {
    allow = resolve;
  });
  media.openMicrophone = async (deviceId) => {
    await allowed;
    return openMicrophone(deviceId);
  };
  await turnOn();
  unmount();
  allow();
  await waitFor(() => expect(media.opened[0]?.stopped).toBe(true));
});

it("changes the microphone, closes the old one and remembers the choice", async () => {
  const { media, unmount } = open();
  await turnOn();
  const choice = await screen.findByLabelText("Choose a microphone");
  await screen.findByText("Microphone second");
  await userEvent.selectOptions(choice, "second");
  await waitFor(() => expect(media.opened.map(({ deviceId }) => deviceId)).toEqual(["first", "second"]));
  expect(media.opened[0]?.stopped).toBe(true);
  unmount();
  const again = open();
  await turnOn();
  expect(again.media.opened[0]?.deviceId).toBe("second");
});

it("opens another microphone when the preferred one is not there", async () => {
  localStorage.setItem("interviewer.microphone", "left at home");
  const { media } = open();
  await turnOn();
  await screen.findByText(/Say a few words/);
  expect(media.opened.map(({ deviceId }) => deviceId)).toEqual(["first"]);
});

it.each([
  ["NotAllowedError", "The microphone is blocked"],
  ["NotFoundError", "No microphone found"],
  ["NotReadableError", "Another app is using the microphone"],
])("says what to do after %s, and tries again", async (name, title) => {
  const media = new TestMedia();
  media.refusals.push(new DOMException("", name));
  open(media);
  await turnOn();
  await screen.findByText(title);
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText(/Say a few words/);
});

it("reports that the microphone was disconnected", async () => {
  const { media } = open();
  await turnOn();
  await screen.findByText(/Say a few words/);
  media.opened[0]?.onended?.();
  await screen.findByText("The microphone was disconnected");
});

it("starts without a microphone", async () => {
  const { media, onReady } = open();
  await begin("Begin and type my answers");
  await waitFor(() => expect(onReady).toHaveBeenCalled());
  expect(onReady).toHaveBeenCalledWith(SESSION, {
    microphone: null,
    speaker: media.speakers[0],
    camera: null,
  });
});

it("goes on without a camera", async () => {
  open();
  await userEvent.click(screen.getByRole("button", { name: "Turn on the camera" }));
  await screen.findByText(/You can go on without one/);
});

it("offers video or voice where there is a choice, by mouse and by keyboard", async () => {
  const onChange = vi.fn();
  const page = (output: "avatar" | "voice") => (
    <Check
      topic="Bees"
      returning={false}
      hasCv={false}
      output={{ output, onChange }}
      media={new TestMedia()}
      prepare={async () => SESSION}
      onReady={vi.fn()}
      onRefused={vi.fn()}
    />
  );
  const { rerender } = render(page("avatar"));
  const choice = screen.getByRole("group", { name: "Meet your interviewer" });
  expect(within(choice).getByRole<HTMLInputElement>("radio", { name: "With video" }).checked).toBe(true);
  await userEvent.click(within(choice).getByRole("radio", { name: "Voice only" }));
  expect(onChange).toHaveBeenLastCalledWith("voice");
  rerender(page("voice"));
  within(choice).getByRole("radio", { name: "Voice only" }).focus();
  await userEvent.keyboard("{ArrowUp}");
  expect(onChange).toHaveBeenLastCalledWith("avatar");
});

it("mentions no video where there is none", () => {
  open();
  expect(screen.queryByText(/video/i)).toBeNull();
});

it("creates no second session when only the sound failed", async () => {
  const prepare = vi.fn<Prepare>(async () => SESSION);
  const { media, onReady } = open(new TestMedia(), prepare);
  const openSpeaker = media.openSpeaker;
  media.openSpeaker = () => Promise.reject(new Error("no sound"));
  await begin();
  await screen.findByText("Something went wrong");
  media.openSpeaker = openSpeaker;
  await begin();
  await waitFor(() => expect(onReady).toHaveBeenCalled());
  expect(prepare).toHaveBeenCalledOnce();
});

it("starts once, however often it is clicked", async () => {
  const prepare = vi.fn<Prepare>(() => new Promise(() => undefined));
  open(new TestMedia(), prepare);
  await begin();
  await screen.findByText(/Preparing your interviewer/);
  await begin();
  expect(prepare).toHaveBeenCalledOnce();
});

it("cancels the start when the page is left", async () => {
  let seen: AbortSignal | undefined;
  const { unmount } = open(new TestMedia(), (_, signal) => {
    seen = signal;
    return new Promise(() => undefined);
  });
  await begin();
  unmount();
  expect(seen?.aborted).toBe(true);
});

it("says what went wrong and lets the person try again", async () => {
  let calls = 0;
  const { onReady, onRefused } = open(new TestMedia(), async () => {
    calls += 1;
    if (calls === 1) throw new ApiError("offline", "", "", 0);
    return SESSION;
  });
  await begin();
  await screen.findByText("No connection");
  expect(onRefused).not.toHaveBeenCalled();
  await begin();
  await waitFor(() => expect(onReady).toHaveBeenCalled());
});
