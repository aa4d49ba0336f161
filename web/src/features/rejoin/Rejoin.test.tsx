import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { TestDoors } from "../../testing/media";
import { SESSION } from "../../testing/samples";
import { Rejoin } from "./Rejoin";

it("releases devices that open after the page was left", async () => {
  const doors = new TestDoors();
  const { openMicrophone } = doors;
  let allow = () => {};
  const allowed = new Promise<void>((resolve) => {
    allow = resolve;
  });
  doors.openMicrophone = async (deviceId) => {
    await allowed;
    return openMicrophone(deviceId);
  };
  const onReady = vi.fn();
  const { unmount } = render(
    <Rejoin session={SESSION} doors={doors} onReady={onReady} onCheck={vi.fn()} onEnd={vi.fn()} />,
  );
  await userEvent.click(screen.getByRole("button", { name: "Go back in" }));
  unmount();
  allow();
  await waitFor(() => expect(doors.opened[0]?.stopped).toBe(true));
  expect(doors.speakers[0]?.state).toBe("closed");
  expect(onReady).not.toHaveBeenCalled();
});
