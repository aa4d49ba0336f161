import { createContext, use } from "react";
import { QUESTION_MINUTES } from "../../contract/limits.gen";
import { Button } from "../../ui/Button";

/** Begins practice with the question in this turn of the interviewer's; `null`: it can't be practised here. */
export const PractiseQuestions = createContext<((turn: number, question: string) => void) | null>(null);

/** The way to practise one question alone. */
export function PractiseQuestion({ turn, question }: { turn: number; question: string }) {
  const practise = use(PractiseQuestions);
  if (!practise) return null;
  return (
    <p>
      <Button size="small" onClick={() => practise(turn, question)}>
        Practise this question again ({QUESTION_MINUTES} minutes)
      </Button>
    </p>
  );
}
