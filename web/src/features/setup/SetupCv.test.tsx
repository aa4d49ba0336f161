import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { ApiError } from "../../api/error";
import type { Cv, StartRequest } from "../../api/types";
import { EMPTY } from "../../session/draft";
import { faults } from "../../testing/axe";
import { pdf } from "../../testing/samples";
import { Hero } from "./Hero";
import { Setup } from "./Setup";
import type { ReadCv } from "./useCvReading";

const CV: Cv = {
  filename: "maya.pdf",
  pages: 2,
  characters: 21,
  truncated: false,
  warning: null,
  warnings: [],
  hidden_words: 0,
  text: "Ada Lovelace\nEngineer",
};

/** One reading: a test ends it. */
interface Call {
  file: File;
  signal: AbortSignal;
  onProgress: (sent: number) => void;
  resolve: (cv: Cv) => void;
  reject: (error: unknown) => void;
}

function open() {
  const calls: Call[] = [];
  const readCv: ReadCv = (file, options) =>
    new Promise((resolve, reject) => calls.push({ file, ...options, resolve, reject }));
  const onStart = vi.fn();
  const seen = { draft: { ...EMPTY, skill_topic: "Bees" } as StartRequest };

  function Page() {
    const [draft, setDraft] = useState(seen.draft);
    const [read, setRead] = useState<{ file: File; cv: Cv } | null>(null);
    seen.draft = draft;
    return (
      <main>
        <Hero minutes={null} />
        <Setup
          {...{ draft, readCv, onStart }}
          refused={{}}
          config={null}
          earlier={[]}
          retaken={null}
          history={{ rename: vi.fn(), forget: vi.fn(), file: () => "", add: () => 0 }}
          onForget={() => undefined}
          cv={read?.file === draft.cv ? (read?.cv ?? null) : null}
          onRead={(file, cv) => setRead({ file, cv })}
          onChange={setDraft}
        />
      </main>
    );
  }

  const page = render(<Page />);
  return { calls, seen, onStart, ...page };
}

const choose = (name: string) => userEvent.upload(screen.getByLabelText(/^Choose .* CV$/), pdf(name));
const last = async (calls: Call[], count: number) => {
  await waitFor(() => expect(calls).toHaveLength(count));
  return calls[count - 1] as Call;
};
const field = () => screen.findByLabelText<HTMLTextAreaElement>("Text of maya.pdf");
const start = () => userEvent.click(screen.getByRole("button", { name: "Start" }));

it("has a CV read as soon as it is chosen, and shows the text folded away", async () => {
  const { calls } = open();
  await choose("maya.pdf");
  const call = await last(calls, 1);
  call.onProgress(0.47);
  await screen.findByText("Sending your CV: 40 %");
  call.onProgress(1);
  await screen.findByText("Reading your CV");
  call.resolve(CV);
  expect((await field()).value).toBe("Ada Lovelace\nEngineer");
  expect((await field()).closest("details")?.open).toBe(false);
  expect(screen.getByText("2 pages")).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("shows the warnings above it", async () => {
  const { calls } = open();
  await choose("maya.pdf");
  const warnings = ["Page 2 is damaged and could not be read.", "3 hidden words were left out."];
  (await last(calls, 1)).resolve({ ...CV, warnings });
  for (const warning of warnings) expect(await screen.findByText(warning)).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("keeps the corrected text for the start, and forgets it with the file", async () => {
  const { calls, seen, onStart } = open();
  await choose("maya.pdf");
  (await last(calls, 1)).resolve(CV);
  await userEvent.type(await field(), " of Looms");
  expect(seen.draft.cv_text).toBe("Ada Lovelace\nEngineer of Looms");
  await userEvent.click(screen.getByRole("button", { name: "Undo my changes" }));
  expect(seen.draft.cv_text).toBeNull();
  await userEvent.type(await field(), "!");
  await start();
  expect(onStart).toHaveBeenCalledOnce();
  expect(seen.draft.cv_text).toBe("Ada Lovelace\nEngineer!");
  await userEvent.click(screen.getByRole("button", { name: "Remove CV" }));
  expect(seen.draft).toMatchObject({ cv: null, cv_text: null });
  expect(screen.queryByLabelText("Text of maya.pdf")).toBeNull();
});

it.each([
  ["an empty text", " ... ", /no text left/],
  ["a text that is too long", "x".repeat(12_001), /1 characters too long. The limit is 12,000/],
])("does not start with %s, and opens it", async (_, text, why) => {
  const { calls, onStart } = open();
  await choose("maya.pdf");
  (await last(calls, 1)).resolve(CV);
  await userEvent.clear(await field());
  await userEvent.click(await field());
  await userEvent.paste(text);
  await start();
  expect(await screen.findByText(why)).toBeTruthy();
  expect(onStart).not.toHaveBeenCalled();
  expect((await field()).closest("details")?.open).toBe(true);
  expect(document.activeElement).toBe(await field());
});

it("cancels the reading when another file is chosen", async () => {
  const { calls } = open();
  await choose("first.pdf");
  const first = await last(calls, 1);
  await choose("maya.pdf");
  const second = await last(calls, 2);
  expect([first.signal.aborted, second.signal.aborted]).toEqual([true, false]);
  first.resolve({ ...CV, text: "Somebody else" });
  second.resolve(CV);
  expect((await field()).value).toBe("Ada Lovelace\nEngineer");
});

it("cancels the reading when the page is left", async () => {
  const { calls, unmount } = open();
  await choose("maya.pdf");
  const call = await last(calls, 1);
  unmount();
  expect(call.signal.aborted).toBe(true);
});

it("drops a refused file, in the server's words, and keeps what was typed meanwhile", async () => {
  const { calls, seen } = open();
  await choose("maya.pdf");
  const call = await last(calls, 1);
  await userEvent.type(screen.getByLabelText(/What should we talk about/), " and wasps");
  call.reject(new ApiError("cv_scanned", "The CV can't be read", "This CV is a scan: a picture.", 422));
  expect((await screen.findByText("This CV is a scan: a picture.")).getAttribute("role")).toBe("alert");
  expect(seen.draft).toMatchObject({ cv: null, skill_topic: "Bees and wasps" });
  expect(screen.queryByText("maya.pdf")).toBeNull();
  expect(await faults()).toEqual([]);
});

it("keeps the file when the reading fails for another reason, and reads it again when asked", async () => {
  const { calls, seen, onStart } = open();
  await choose("maya.pdf");
  (await last(calls, 1)).reject(new ApiError("readers_busy", "Not available right now", "Many CVs.", 503));
  await screen.findByText("Many CVs are being read");
  expect(seen.draft.cv?.name).toBe("maya.pdf");
  await start();
  expect(onStart).toHaveBeenCalledOnce();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  (await last(calls, 2)).resolve(CV);
  expect((await field()).value).toBe("Ada Lovelace\nEngineer");
});

it("says of a scan that it will be read later", async () => {
  const { calls } = open();
  await choose("maya.pdf");
  const warning = "Your CV is a scan: its text will be read when the interview starts.";
  (await last(calls, 1)).resolve({ ...CV, text: "", warnings: [warning] });
  await screen.findByText(warning);
  expect(screen.queryByLabelText("Text of maya.pdf")).toBeNull();
});
