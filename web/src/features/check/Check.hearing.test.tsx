import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { faults } from "../../testing/axe";
import { TestMedia } from "../../testing/media";
import { SESSION } from "../../testing/samples";
import { Check } from "./Check";

function open(media = new TestMedia()) {
  const onReady = vi.fn();
  const page = render(
    <main>
      <Check
        topic="Bees"
        returning={false}
        hasCv={false}
        media={media}
        prepare={async () => SESSION}
        onReady={onReady}
        onRefused={vi.fn()}
      />
    </main>,
  );
  return { media, onReady, ...page };
}

const click = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));

/** The microphone of the page, which sends this many frames of a sample. */
async function speak(media: TestMedia, sample: number, frames = 75) {
  await waitFor(() => expect(media.opened.at(-1)?.onframe).toBeTruthy());
  act(() => {
    for (let at = 0; at < frames; at++)
      media.opened.at(-1)?.onframe?.(new Int16Array(640).fill(sample).buffer);
  });
}

async function recorded(sample: number) {
  const page = open();
  await click("Turn on the microphone");
  await userEvent.click(await screen.findByRole("button", { name: /^Record three seconds/ }));
  await screen.findByText("Recording. Say something.");
  await speak(page.media, sample);
  return page;
}

it("is in the order in which it is needed: microphone, Begin, sound, camera", async () => {
  open();
  const begin = screen.getByRole("button", { name: /^Begin/ });
  const [microphone, sound, camera] = ["Microphone", "Sound", /^Camera/].map((name) =>
    screen.getByRole("heading", { name }),
  );
  const order = [microphone, begin, sound, camera] as HTMLElement[];
  for (const [at, element] of order.slice(1).entries())
    expect((order[at] as HTMLElement).compareDocumentPosition(element)).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    );
  await userEvent.tab();
  expect(document.activeElement?.textContent).toBe("Turn on the microphone");
  await userEvent.tab();
  expect(document.activeElement).toBe(begin);
});

it("records three seconds and plays them, as often as one likes", async () => {
  const { media } = await recorded(5000);
  await screen.findByText("Playing your recording.");
  expect(media.speakers[0]?.pushed).toBeCloseTo(3, 1);
  await click("Hear it again");
  await waitFor(() => expect(media.speakers[0]?.pushed).toBeCloseTo(6, 1));
  await click("Record again");
  await screen.findByText("Recording. Say something.");
  await speak(media, 5000);
  await waitFor(() => expect(media.speakers[0]?.pushed).toBeCloseTo(9, 1));
  expect(await faults()).toEqual([]);
});

it("says that it recorded nothing at all, and plays nothing then", async () => {
  const { media } = await recorded(0);
  await screen.findByText("Nothing was recorded. Is the microphone muted?");
  expect(media.speakers[0]?.pushed).toBe(0);
});

it("says that the recording can't be played where there is no sound", async () => {
  const media = new TestMedia();
  media.openSpeaker = () => Promise.reject(new Error("no sound"));
  open(media);
  await click("Turn on the microphone");
  await userEvent.click(await screen.findByRole("button", { name: /^Record three seconds/ }));
  await speak(media, 5000);
  await screen.findByText("This device can't play the recording.");
});

it("forgets the recording of a microphone that is replaced", async () => {
  await recorded(5000);
  await screen.findByText("Playing your recording.");
  await userEvent.selectOptions(screen.getByLabelText("Choose a microphone"), "second");
  await screen.findByRole("button", { name: /^Record three seconds/ });
  expect(screen.queryByRole("button", { name: "Hear it again" })).toBeNull();
});

it("sends nothing of it: the room takes the microphone over, and hears nothing of the recording", async () => {
  const { media, onReady, unmount } = await recorded(5000);
  await screen.findByText("Playing your recording.");
  const interrupt = vi.spyOn(media.speakers[0] as object as { interrupt(): void }, "interrupt");
  await click("Begin the interview");
  await waitFor(() => expect(onReady).toHaveBeenCalled());
  expect(interrupt).toHaveBeenCalled();
  const [microphone] = media.opened;
  const room = vi.fn();
  if (microphone) microphone.onframe = room;
  unmount();
  expect(microphone?.onframe).toBe(room);
});

it("lets one choose the loudspeaker after the test sound", async () => {
  const { media } = open();
  expect(screen.queryByLabelText("Play the sound through")).toBeNull();
  await click("Play a test sound");
  await userEvent.selectOptions(await screen.findByLabelText("Play the sound through"), "headphones");
  expect(media.speakers[0]?.device).toBe("headphones");
});
