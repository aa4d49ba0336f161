import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { TestMedia } from "../../testing/media";
import { SESSION } from "../../testing/samples";
import { Rejoin } from "./Rejoin";

it("releases devices that open after the page was left", async () => {
  const media = new TestMedia();
  const { openMicrophone } = media;
  let allow = () => {};
  const allowed = new Promise<void>((resolve) => {
    allow = resolve;
  });
  media.openMicrophone = async (deviceId) => {
    await allowed;
    return openMicrophone(deviceId);
  };
  const onReady = vi.fn();
  const { unmount } = render(
    <Rejoin session={SESSION} media={media} onReady={onReady} onCheck={vi.fn()} onEnd={vi.fn()} />,
  );
  await userEvent.click(screen.getByRole("button", { name: "Return" }));
  unmount();
  allow();
  await waitFor(() => expect(media.opened[0]?.stopped).toBe(true));
  expect(media.speakers[0]?.state).toBe("closed");
  expect(onReady).not.toHaveBeenCalled();
});
