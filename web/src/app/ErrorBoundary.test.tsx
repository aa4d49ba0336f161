import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Guard } from "./ErrorBoundary";

function Broken(): never {
  throw new Error("on purpose");
}

it("shows words and a way on where a page breaks", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  render(
    <Guard>
      <Broken />
    </Guard>,
  );
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("That broke. Our fault.");
  expect(screen.getByRole("button", { name: "Reload" })).toBeTruthy();
});
