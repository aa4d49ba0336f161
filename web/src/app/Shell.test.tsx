import { render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { asConfig } from "../api/shape";
import { Shell } from "./Shell";

const colour = () => document.documentElement.style.getPropertyValue("--page-colour");

afterEach(() => document.documentElement.style.removeProperty("--page-colour"));

function show(config: object) {
  render(
    <Shell page="setup" config={asConfig(config)}>
      <p>A page</p>
    </Shell>,
  );
}

it("has the name and the colour of the deployment", () => {
  show({ page_name: "Acme interviews", page_colour: "#b6f23a" });
  expect(screen.getByRole("link", { name: "Acme interviews, start page" })).toBeTruthy();
  expect(colour()).toBe("#b6f23a");
});

it("is called Interviewer and keeps its own colour without them", () => {
  show({ page_colour: "url(https://elsewhere.example)" });
  expect(screen.getByRole("link", { name: "Interviewer, start page" })).toBeTruthy();
  expect(colour()).toBe("");
});
