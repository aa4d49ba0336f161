import { useEffect, useState } from "react";
import { progressTitle } from "./progress";
import type { SummaryState } from "./useSummary";

/** Says aloud how far the summary is. The region is empty at first, so that screen readers announce what comes. */
export function Announcement({ state }: { state: SummaryState }) {
  const [text, setText] = useState("");
  const words = announcement(state);
  useEffect(() => setText(words), [words]);
  return (
    <p role="status" className="visually-hidden">
      {text}
    </p>
  );
}

function announcement(state: SummaryState): string {
  switch (state.is) {
    case "ready":
      return "Your summary is ready.";
    case "pending":
      return state.unreachable
        ? "We can't reach the server. We'll keep trying."
        : `${progressTitle(state.progress)}.`;
    default:
      return "";
  }
}
