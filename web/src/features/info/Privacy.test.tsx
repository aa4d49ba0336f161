import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { asConfig } from "../../api/shape";
import { faults } from "../../testing/axe";
import { Privacy } from "./Privacy";

const show = (config: object) =>
  render(
    <main>
      <Privacy config={asConfig(config)} />
    </main>,
  );
const text = () => document.body.textContent ?? "";

it("names nobody who gets data where the interviewer runs on this machine", async () => {
  show({ interviewer: "embedded", retention_days: 1, backup_days: 0 });
  expect(text()).toContain("deleted 1 day after it was created");
  expect(text()).toContain("There are no backups");
  for (const name of ["Google", "Tavus", "Sentry", "reCAPTCHA"]) expect(text()).not.toContain(name);
  expect(text()).toContain("has not named a contact");
  expect(await faults()).toEqual([]);
});

it("names everyone who gets data, as the settings say", async () => {
  show({
    interviewer: "gemini",
    retention_days: 12,
    backup_days: 8,
    avatar: true,
    second_ear: true,
    sentry_dsn: "https://key@sentry.example/7",
    app_check: { app_id: "1:2:web:3", api_key: "k", site_key: "s" },
    live_model: "a-live-model",
    text_model: "a-text-model",
    page_contact: "https://acme.example/privacy",
  });
  expect(text()).toContain("a-live-model, a-text-model");
  expect(text()).toContain("Backups keep what was deleted for 8 days more");
  for (const name of ["A second transcription", "Tavus and Daily", "Sentry", "reCAPTCHA"])
    expect(text()).toContain(name);
  expect(screen.getByRole<HTMLAnchorElement>("link").href).toBe("https://acme.example/privacy");
  expect(await faults()).toEqual([]);
});

it("says that the face is a stand-in's, and links an e-mail address", () => {
  show({ interviewer: "gemini", avatar: true, stand_in: true, page_contact: "privacy@acme.example" });
  expect(text()).toContain("A stand-in draws the interviewer's face");
  expect(text()).not.toContain("Tavus");
  expect(screen.getByRole<HTMLAnchorElement>("link").href).toBe("mailto:privacy@acme.example");
});

it("makes no link of a contact that is neither an address nor an https address", () => {
  show({ page_contact: "javascript:alert(1)" });
  expect(screen.queryByRole("link")).toBeNull();
});

it("waits for the settings", () => {
  render(<Privacy config={null} />);
  expect(text()).toContain("not loaded yet");
});
