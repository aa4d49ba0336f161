import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { ErrorBoundary } from "./ErrorBoundary";
import { later } from "./later";

const Page = ({ name }: { name: string }) => <h1>{name}</h1>;

it("shows at once what is prepared", async () => {
  const load = vi.fn(async () => Page);
  const Later = later(load);
  await Later.prepare();
  render(<Later name="Room" />);
  screen.getByRole("heading", { name: "Room" });
  await Later.prepare();
  expect(load).toHaveBeenCalledTimes(1);
});

it("shows the loading screen until the page is there", async () => {
  const Later = later(async () => Page);
  render(<Later name="Room" />);
  screen.getByRole("heading", { name: "One moment" });
  await screen.findByRole("heading", { name: "Room" });
});

it("offers a reload when the page can't be loaded, and loads it again when it is prepared again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const load = vi.fn(async () => Page).mockRejectedValueOnce(new Error("no network"));
  const Later = later(load);
  const { unmount } = render(
    <ErrorBoundary>
      <Later name="Room" />
    </ErrorBoundary>,
  );
  await screen.findByRole("button", { name: "Reload" });
  unmount();
  render(<Later name="Room" />);
  await screen.findByRole("heading", { name: "Room" });
});
