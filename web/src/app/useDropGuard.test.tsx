import { fireEvent, render } from "@testing-library/react";
import { expect, it } from "vitest";
import { useDropGuard } from "./useDropGuard";

function Page() {
  useDropGuard();
  return <p>Here</p>;
}

function dropped(types: string[], kind = "drop"): boolean {
  const event = new Event(kind, { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types, files: [] } });
  fireEvent(document.body, event);
  return event.defaultPrevented;
}

it("keeps the browser from opening a dropped file, and lets text be dropped", () => {
  const { unmount } = render(<Page />);
  expect([dropped(["Files"]), dropped(["Files"], "dragover"), dropped(["text/plain"])]).toEqual([
    true,
    true,
    false,
  ]);
  unmount();
  expect(dropped(["Files"])).toBe(false);
});
