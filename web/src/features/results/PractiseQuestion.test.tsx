import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { PractiseQuestion, PractiseQuestions } from "./PractiseQuestion";

it("begins practice with the question of this turn", async () => {
  const practise = vi.fn();
  render(
    <PractiseQuestions value={practise}>
      <PractiseQuestion turn={4} question="Why?" />
    </PractiseQuestions>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Practise this question again (3 minutes)" }));
  expect(practise).toHaveBeenCalledWith(4, "Why?");
});

it("is not there where a question can't be practised", () => {
  render(<PractiseQuestion turn={4} question="Why?" />);
  expect(screen.queryByRole("button")).toBeNull();
});
