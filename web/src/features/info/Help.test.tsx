import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { asConfig } from "../../api/shape";
import { faults } from "../../testing/axe";
import { Help } from "./Help";

it("explains before, during and after, what goes where, and what to do in each browser", async () => {
  render(
    <main>
      <Help config={asConfig({ interviewer: "gemini", interview_minutes: 15 })} />
    </main>,
  );
  const headings = screen.getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent);
  expect(headings).toEqual(["Before", "During", "After", "What goes where", "If something doesn't work"]);
  expect(document.body.textContent).toContain("15 minutes at most");
  for (const browser of ["Chrome", "Firefox", "Safari", "iPhone", "Android"]) {
    expect(document.body.textContent).toContain(browser);
  }
  expect(screen.getByRole("link", { name: "privacy page" }).getAttribute("href")).toBe("/privacy");
  expect(await faults()).toEqual([]);
});

it("says what the practice interviewer does, and that nothing leaves the machine", () => {
  render(<Help config={asConfig({ interviewer: "embedded" })} />);
  expect(document.body.textContent).toContain("go nowhere else");
  expect(document.body.textContent).not.toContain("Google");
});
