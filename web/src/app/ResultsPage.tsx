import { useCallback, useState } from "react";
import type { Api } from "../api/client";
import type { Config } from "../api/shape";
import { Gone } from "../features/results/Gone";
import { PractiseQuestions } from "../features/results/PractiseQuestion";
import { Results } from "../features/results/Results";
import type { Draft } from "../session/draft";
import { questionDraft, retakeDraft } from "../session/retake";
import type { SessionStore } from "../session/store";

interface ResultsPageProps {
  sessionId: string;
  api: Api;
  config: Config | null;
  sessions: SessionStore;
  /** The interview was deleted, or does not exist any longer. */
  onGone: () => void;
  onNew: () => void;
  /** Practise again, with the form filled in like this. */
  onRetake: (draft: Draft) => void;
}

/** The results of a session whose token this browser has stored. */
export function ResultsPage({ sessionId, api, config, sessions, onGone, onNew, onRetake }: ResultsPageProps) {
  // Read once: the page still shows the receipt after the session has been removed.
  const [stored] = useState(() => sessions.find(sessionId));
  const forget = useCallback(() => {
    sessions.remove(sessionId);
    onGone();
  }, [sessions, sessionId, onGone]);
  const findSession = useCallback((id: string) => sessions.find(id)?.session ?? null, [sessions]);
  const ended = useCallback(() => sessions.markEnded(sessionId), [sessions, sessionId]);

  if (!stored) return <Gone onNew={onNew} />;
  return (
    <PractiseQuestions value={(turn, question) => onRetake(questionDraft(stored.session, turn, question))}>
      <Results
        api={api}
        config={config}
        session={stored.session}
        onGone={forget}
        onEnded={ended}
        onNew={onNew}
        findSession={findSession}
        onRetake={(record) => onRetake(retakeDraft(stored.session, record))}
      />
    </PractiseQuestions>
  );
}
