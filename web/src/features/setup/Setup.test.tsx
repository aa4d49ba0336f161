import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import type { Cv, StartRequest } from "../../api/types";
import { EMPTY } from "../../session/draft";
import { pdf } from "../../testing/samples";
import { Setup } from "./Setup";
import type { ReadCv } from "./useCvReading";
import type { Faults } from "./validate";

const CONFIG = {
  interviewer: "gemini",
  retention_days: 7,
  interview_minutes: 25,
  avatar: false,
  backup_days: 8,
} as const;

interface PageProps {
  seen: { draft: StartRequest };
  refused: Faults;
  readCv: ReadCv;
  onStart: () => void;
  languages?: string[] | undefined;
}

function Page({ seen, refused, readCv, onStart, languages }: PageProps) {
  const [draft, setDraft] = useState(seen.draft);
  const [read, setRead] = useState<{ file: File; cv: Cv } | null>(null);
  const change = (next: StartRequest) => {
    seen.draft = next;
    setDraft(next);
  };
  return (
    <Setup
      {...{ draft, refused, readCv, onStart }}
      cv={read?.file === draft.cv ? (read?.cv ?? null) : null}
      onRead={(file, cv) => setRead({ file, cv })}
      config={languages ? { ...CONFIG, languages } : CONFIG}
      earlier={[]}
      retaken={null}
      history={{ rename: vi.fn(), forget: vi.fn(), file: () => "", add: () => 0 }}
      onForget={() => undefined}
      onChange={change}
    />
  );
}

/** Never answers. */
const silent: ReadCv = () => new Promise(() => undefined);

function open(given: Partial<StartRequest> = {}, refused: Faults = {}, readCv: ReadCv = silent) {
  const onStart = vi.fn();
  const seen = { draft: { ...EMPTY, ...given } };
  render(<Page {...{ seen, refused, readCv, onStart }} />);
  return { onStart, seen };
}

const topic = () => screen.getByLabelText<HTMLTextAreaElement>(/What should we talk about/);

it("requires a topic, and puts the cursor there", async () => {
  const { onStart } = open();
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  expect(onStart).not.toHaveBeenCalled();
  expect(topic().getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(topic());
  await userEvent.type(topic(), "Bees");
  expect(topic().getAttribute("aria-invalid")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  expect(onStart).toHaveBeenCalledOnce();
});

it("fills in an example without starting", async () => {
  const { onStart, seen } = open();
  await userEvent.click(screen.getByRole("button", { name: "Fill in: React and TypeScript" }));
  expect(seen.draft.skill_topic).toBe("React and TypeScript");
  expect(document.activeElement).toBe(topic());
  expect(onStart).not.toHaveBeenCalled();
});

it("chooses a level with the keyboard", async () => {
  const { seen } = open();
  screen.getByRole("radio", { name: "Intermediate" }).focus();
  await userEvent.keyboard("{ArrowDown}");
  expect(seen.draft.level).toBe("advanced");
});

it("accepts a CV, shows it and removes it again", async () => {
  const { seen } = open();
  await userEvent.upload(screen.getByLabelText("Choose your CV"), pdf("maya.pdf"));
  await screen.findByText("maya.pdf");
  expect(seen.draft.cv?.name).toBe("maya.pdf");
  await userEvent.click(screen.getByRole("button", { name: "Remove CV" }));
  expect(seen.draft.cv).toBeNull();
  expect(document.activeElement).toBe(screen.getByLabelText("Choose your CV"));
});

it("accepts a dropped CV", async () => {
  const { seen } = open();
  const zone = screen.getByText("Drop your CV here");
  fireEvent.dragOver(zone);
  expect(screen.getByText("Drop it here")).toBeTruthy();
  fireEvent.drop(zone, { dataTransfer: { files: [pdf("dropped.pdf")] } });
  await waitFor(() => expect(seen.draft.cv?.name).toBe("dropped.pdf"));
});

it("says at the CV field why a file is refused, and does not send it", async () => {
  const { seen } = open();
  await userEvent.upload(screen.getByLabelText("Choose your CV"), new File([], "cv.pdf"));
  await screen.findByText(/This file is empty/);
  expect(seen.draft.cv).toBeNull();
});

it("opens the job description when it is too long", async () => {
  open({ skill_topic: "Bees", job_description: "x".repeat(10_001) });
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  expect(document.activeElement).toBe(screen.getByLabelText("Job description"));
  expect(screen.getByText(/1 characters too long/)).toBeTruthy();
});

it("puts the focus on the field that the server refused", () => {
  open({ skill_topic: "Bees" }, { cv: "This CV is a scan." });
  expect(screen.getByText("This CV is a scan.")).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByLabelText("Choose your CV"));
  expect(topic().value).toBe("Bees");
});

it("says how long the data is kept, in backups too", () => {
  open();
  expect(screen.getByText(/for 7 days, then delete them.* Backups keep .* for 8 more days/)).toBeTruthy();
});

it("asks for a start code only where one is needed", async () => {
  open();
  expect(screen.queryByLabelText("Start code")).toBeNull();
});

it("shows the field for the start code after a refusal, and puts the cursor there", async () => {
  const { seen } = open({ skill_topic: "Bees" }, { code: "A start code is needed here." });
  const field = screen.getByLabelText<HTMLInputElement>("Start code");
  expect(document.activeElement).toBe(field);
  expect(field.getAttribute("aria-invalid")).toBe("true");
  await userEvent.type(field, "class-7");
  expect(seen.draft.start_code).toBe("class-7");
  expect(field.getAttribute("aria-invalid")).toBeNull();
});

it("offers the languages of the deployment", () => {
  const seen = { draft: { ...EMPTY, language: "sv-SE" } };
  const languages = ["de-DE", "sv-SE"];
  render(<Page {...{ seen, languages }} refused={{}} readCv={silent} onStart={vi.fn()} />);
  const list = screen.getByLabelText<HTMLSelectElement>(/Language/);
  expect([...list.options].map(({ text }) => text)).toEqual(["Deutsch (German)", "sv-SE"]);
  expect(list.value).toBe("sv-SE");
});

it("offers no choice where there is one language", () => {
  const seen = { draft: EMPTY };
  render(<Page {...{ seen, languages: ["en-US"] }} refused={{}} readCv={silent} onStart={vi.fn()} />);
  screen.getByText("English (United States)");
  expect(screen.queryByLabelText(/Language/)).toBeNull();
});
