import { render, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Figure } from "./Figure";

function draw(sound: { level: number; brightness: number }, still = false) {
  const speaker = { level: () => sound.level, brightness: () => sound.brightness };
  const { container, unmount } = render(
    <Figure activity="speaking" speaker={speaker} candidate={() => 0} still={still} />,
  );
  const svg = container.querySelector("svg") as SVGSVGElement;
  const lips = svg.querySelector('[data-part="lips"]') as SVGPathElement;
  return { svg, lips, unmount };
}

it("moves its lips with the sound that is played, and closes them when it stops", async () => {
  const sound = { level: 0, brightness: 0.4 };
  const { svg, lips } = draw(sound);
  const shut = lips.getAttribute("d");
  sound.level = 0.9;
  await waitFor(() => expect(svg.dataset.mouth).toBe("wide"));
  expect(lips.getAttribute("d")).not.toBe(shut);
  sound.brightness = 0.1;
  await waitFor(() => expect(svg.dataset.mouth).toBe("round"));
  sound.level = 0;
  await waitFor(() => expect(svg.dataset.mouth).toBe("closed"));
});

it("does not move with reduced motion", async () => {
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches: true } as MediaQueryList);
  const sound = { level: 0, brightness: 0.4 };
  const { svg } = draw(sound);
  const head = svg.querySelector('[data-part="head"]') as SVGGElement;
  await waitFor(() => expect(head.getAttribute("transform")).toBeTruthy());
  const before = head.getAttribute("transform");
  sound.level = 0.9;
  await waitFor(() => expect(svg.dataset.mouth).toBe("small"));
  expect(head.getAttribute("transform")).toBe(before);
});

/** Where the head is after each of some seconds, with nothing to hear. */
function heads(svg: SVGSVGElement, seconds: readonly number[]): (string | null | undefined)[] {
  let now = 0;
  return seconds.map((second) => {
    vi.advanceTimersByTime((second - now) * 1000);
    now = second;
    return svg.querySelector('[data-part="head"]')?.getAttribute("transform");
  });
}

describe("without a sound", () => {
  beforeEach(() =>
    vi.useFakeTimers({ toFake: ["requestAnimationFrame", "cancelAnimationFrame", "performance"] }),
  );
  afterEach(() => vi.useRealTimers());

  it("moves for a few seconds, then rests", () => {
    const { svg, unmount } = draw({ level: 0, brightness: 0.4 });
    const [second, third, tenth, eleventh] = heads(svg, [2, 3, 10, 11]);
    expect(third).not.toBe(second);
    expect(eleventh).toBe(tenth);
    unmount();
  });

  it("does not move at all where the person wants a still picture", () => {
    const { svg, unmount } = draw({ level: 0, brightness: 0.4 }, true);
    const [first, third] = heads(svg, [1, 3]);
    expect(first).toBeTruthy();
    expect(third).toBe(first);
    unmount();
  });
});

it("stops drawing when it is removed", async () => {
  const level = vi.fn(() => 0);
  const { unmount } = render(
    <Figure activity="listening" speaker={{ level, brightness: () => 0 }} candidate={() => 0} />,
  );
  await waitFor(() => expect(level).toHaveBeenCalled());
  unmount();
  const drawn = level.mock.calls.length;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  expect(level.mock.calls.length).toBe(drawn);
});
