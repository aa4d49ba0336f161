import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { ApiError } from "../../api/error";
import type { Cv } from "../../api/types";
import { TestMedia } from "../../testing/media";
import { SESSION } from "../../testing/samples";
import { Check } from "./Check";
import type { SendCvText } from "./useCvReview";

const CV: Cv = {
  filename: "cv.pdf",
  pages: 2,
  characters: 21,
  truncated: false,
  warning: "3 hidden words were left out.",
  warnings: ["3 hidden words were left out."],
  hidden_words: 3,
  text: "Ada Lovelace\nEngineer",
};

function open(sendCvText: SendCvText, cv: Cv | null = CV) {
  const onReady = vi.fn();
  const prepare = vi.fn(async () => ({ ...SESSION, cv }));
  render(
    <Check
      topic="Bees"
      returning={false}
      hasCv={cv !== null}
      media={new TestMedia()}
      onRefused={vi.fn()}
      {...{ prepare, sendCvText, onReady }}
    />,
  );
  return { onReady, prepare };
}

const click = (name: RegExp) => userEvent.click(screen.getByRole("button", { name }));
const field = () => screen.findByLabelText<HTMLTextAreaElement>("Text of cv.pdf");

it("shows what was read of the CV, folded, with its warnings, before the interview begins", async () => {
  const send = vi.fn();
  const { onReady, prepare } = open(send);
  await click(/^Begin/);
  expect((await field()).value).toBe("Ada Lovelace\nEngineer");
  expect((await field()).closest("details")?.open).toBe(false);
  expect(screen.getByText("3 hidden words were left out.")).toBeTruthy();
  expect(onReady).not.toHaveBeenCalled();
  await click(/^Continue/);
  await waitFor(() => expect(onReady).toHaveBeenCalledOnce());
  expect(send).not.toHaveBeenCalled();
  expect(prepare).toHaveBeenCalledOnce();
});

it("sends what was corrected, and only then begins", async () => {
  const send = vi.fn(async (_: unknown, text: string) => ({ ...CV, text }));
  const { onReady } = open(send);
  await click(/^Begin/);
  await userEvent.type(await field(), " of Looms");
  await click(/^Continue/);
  await waitFor(() => expect(onReady).toHaveBeenCalledOnce());
  expect(send.mock.calls[0]?.[1]).toBe("Ada Lovelace\nEngineer of Looms");
});

it("shows what the server says against the text, and stays", async () => {
  const send = vi.fn(async () => {
    throw new ApiError("invalid_cv_text", "", "The CV's text must have 1 to 12,000 characters.", 422);
  });
  const { onReady } = open(send);
  await click(/^Begin/);
  await userEvent.type(await field(), "!");
  await click(/^Continue/);
  await screen.findByText("The CV's text must have 1 to 12,000 characters.");
  expect(onReady).not.toHaveBeenCalled();
});

it("begins at once where there is no CV", async () => {
  const { onReady } = open(vi.fn(), null);
  await click(/^Begin/);
  await waitFor(() => expect(onReady).toHaveBeenCalledOnce());
});
