import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { FakeMachine } from "../testing/audio";
import { TestMedia, TestSpeaker } from "../testing/media";
import { browserMedia } from "./access";
import { LoudspeakerChoice } from "./LoudspeakerChoice";

let machine: FakeMachine;
let media: TestMedia;
let speaker: TestSpeaker;

beforeEach(() => {
  machine = FakeMachine.install();
  media = new TestMedia();
  speaker = new TestSpeaker();
});

const choice = () => screen.findByLabelText<HTMLSelectElement>("Play the sound through");

it("plays through the chosen device, and says so to the video", async () => {
  const onChosen = vi.fn();
  render(<LoudspeakerChoice {...{ speaker, media, onChosen }} />);
  await userEvent.selectOptions(await choice(), "Loudspeaker monitor");
  expect(speaker.device).toBe("monitor");
  expect(onChosen).toHaveBeenLastCalledWith("monitor");
});

it("shows the default while the chosen one is unplugged", async () => {
  speaker.device = "monitor";
  render(<LoudspeakerChoice {...{ speaker, media }} />);
  expect((await choice()).value).toBe("monitor");
  speaker.device = "";
  speaker.ondevice?.();
  await waitFor(async () => expect((await choice()).value).toBe(""));
});

it("says that a device can't be used, and stays with the one before", async () => {
  speaker.choose = () => Promise.reject(new DOMException("", "NotFoundError"));
  render(<LoudspeakerChoice {...{ speaker, media }} />);
  await userEvent.selectOptions(await choice(), "monitor");
  await screen.findByText(/can't be used right now/);
  expect((await choice()).value).toBe("");
});

it("is not shown where the browser doesn't let the page choose, or lists no device", async () => {
  speaker.choosable = false;
  const { rerender } = render(<LoudspeakerChoice {...{ speaker, media }} />);
  media.sounding = [];
  const other = new TestSpeaker();
  rerender(<LoudspeakerChoice speaker={other} media={media} />);
  await new Promise((resolve) => setTimeout(resolve));
  expect(screen.queryByLabelText("Play the sound through")).toBeNull();
});

it("is remembered for the next interview, and left out when the device is not there", async () => {
  render(<LoudspeakerChoice {...{ speaker, media }} />);
  await userEvent.selectOptions(await choice(), "headphones");
  machine.devices = [{ kind: "audiooutput", deviceId: "headphones", label: "Headphones" }];
  expect((await browserMedia.openSpeaker()).device).toBe("headphones");
  machine.devices = [];
  const without = await browserMedia.openSpeaker();
  expect([without.device, without.state]).toEqual(["", "running"]);
});
