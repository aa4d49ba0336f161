import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { MAX_ANSWER } from "../../contract/limits.gen";
import { Answer } from "./Answer";

it("takes as many characters as the relay does", () => {
  render(<Answer onSend={() => true} field={{ current: null }} />);
  expect(screen.getByRole("textbox")).toHaveProperty("maxLength", MAX_ANSWER);
});

it("keeps a text that is too long for the relay, which two answers in one may be", () => {
  const sent: string[] = [];
  const onSend = (text: string) => sent.push(text) > 0;
  const { rerender } = render(<Answer onSend={onSend} field={{ current: null }} />);
  const field = screen.getByRole<HTMLTextAreaElement>("textbox");
  const long = "x".repeat(MAX_ANSWER);
  rerender(<Answer onSend={onSend} refused={[long, "More."]} field={{ current: null }} />);
  fireEvent.keyDown(field, { key: "Enter" });
  expect(sent).toEqual([]);
  expect(field.value).toBe(`${long}\nMore.`);
  expect(screen.getByRole("alert").textContent).toContain(`${MAX_ANSWER} characters`);
});
