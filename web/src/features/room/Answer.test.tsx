import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { MAX_ANSWER } from "../../contract/limits.gen";
import { Answer } from "./Answer";

it("takes as many characters as the relay does", () => {
  render(<Answer onSend={() => true} field={{ current: null }} />);
  expect(screen.getByRole("textbox")).toHaveProperty("maxLength", MAX_ANSWER);
});
