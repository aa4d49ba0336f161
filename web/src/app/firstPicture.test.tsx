import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { createApi } from "../api/client";
import { media, server, sessions } from "../testing/app";
import { moveTo } from "../testing/server";
import { App } from "./App";
import { firstPicture } from "./firstPicture";

it("the page takes the first picture over: the same elements stay, and the form comes below them", async () => {
  moveTo(`${server.origin}/`);
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = firstPicture();
  const heading = screen.getByRole("heading", { level: 1 });
  const banner = screen.getByRole("banner");
  const failures: unknown[] = [];
  render(<App api={createApi(server.origin)} sessions={sessions} media={media} drawn />, {
    container,
    hydrate: true,
    onRecoverableError: (error) => failures.push(error),
  });
  expect(failures).toEqual([]);
  expect(await screen.findByRole("form", { name: "Your interview" })).toBeTruthy();
  expect(screen.getByRole("heading", { level: 1 })).toBe(heading);
  expect(screen.getByRole("banner")).toBe(banner);
  expect(await screen.findByText(/20 minutes at most/)).toBeTruthy();
  expect(screen.getByRole("navigation", { name: "About this site" })).toBeTruthy();
});
