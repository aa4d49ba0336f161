import { render, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useArrival, useAwake, useWarning } from "./page";

function Place({ live = true }: { live?: boolean }) {
  const place = useArrival();
  useAwake(live);
  useWarning(live);
  return (
    <div ref={place}>
      <h1 tabIndex={-1}>Tides</h1>
      <button type="button">Other</button>
    </div>
  );
}

/** Whether closing the tab would be asked about. */
const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));

it("asks before the tab is closed while the interview is live", () => {
  const { rerender, unmount } = render(<Place />);
  expect(asks()).toBe(true);
  rerender(<Place live={false} />);
  expect(asks()).toBe(false);
  rerender(<Place />);
  unmount();
  expect(asks()).toBe(false);
});

it("puts the focus at the heading, unless it is somewhere already", () => {
  const { getByRole, unmount } = render(<Place />);
  expect(document.activeElement).toBe(getByRole("heading"));
  unmount();
  const field = document.body.appendChild(document.createElement("input"));
  field.focus();
  render(<Place />);
  expect(document.activeElement).toBe(field);
  field.remove();
});

it("scrolls the header away on a phone, and only there", () => {
  const scrolled = vi.spyOn(window, "scrollTo").mockReturnValue();
  const wide = vi.spyOn(window, "matchMedia").mockReturnValue({ matches: true } as MediaQueryList);
  render(<Place />).unmount();
  expect(scrolled).not.toHaveBeenCalled();
  wide.mockReturnValue({ matches: false } as MediaQueryList);
  render(<Place />);
  expect(scrolled).toHaveBeenCalledOnce();
});

it("keeps the screen on while the interview is live, and again after the page was hidden", async () => {
  const release = vi.fn(async () => undefined);
  const request = vi.fn(async () => ({ release }));
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { wakeLock: { request } }));
  const { rerender } = render(<Place />);
  expect(request).toHaveBeenCalledWith("screen");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(request).toHaveBeenCalledTimes(2);
  rerender(<Place live={false} />);
  await waitFor(() => expect(release).toHaveBeenCalled());
});

it("goes on when the system refuses to keep the screen on", async () => {
  const request = vi.fn(async () => Promise.reject(new DOMException("", "NotAllowedError")));
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { wakeLock: { request } }));
  const { unmount } = render(<Place />);
  unmount();
  await Promise.resolve();
  expect(request).toHaveBeenCalledOnce();
});
