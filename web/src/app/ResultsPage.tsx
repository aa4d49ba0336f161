import { useCallback, useState } from "react";
import type { Api } from "../api/client";
import type { Config } from "../api/shape";
import { StillRunning } from "../features/rejoin/StillRunning";
import { Gone } from "../features/results/Gone";
import { PractiseQuestions } from "../features/results/PractiseQuestion";
import { Results } from "../features/results/Results";
import { type Navigate, pathOf } from "../navigation/route";
import type { Draft } from "../session/draft";
import { questionDraft, retakeDraft } from "../session/retake";
import type { SessionStore } from "../session/store";
import { Loading } from "./Loading";
import { useStanding } from "./standing";

interface ResultsPageProps {
  sessionId: string;
  api: Api;
  config: Config | null;
  sessions: SessionStore;
  navigate: Navigate;
  /** The interview was deleted, or does not exist any longer. */
  onGone: () => void;
  onNew: () => void;
  /** Practise again, with the form filled in like this. */
  onRetake: (draft: Draft) => void;
}

/** The results of a session whose token this browser has stored. They end an interview, so one that is open asks first. */
export function ResultsPage(props: ResultsPageProps) {
  const { sessionId, api, config, sessions, navigate, onGone, onNew, onRetake } = props;
  // Read once: the page still shows the receipt after the session has been removed.
  const [stored] = useState(() => sessions.find(sessionId));
  const forget = useCallback(() => {
    sessions.remove(sessionId);
    onGone();
  }, [sessions, sessionId, onGone]);
  const findSession = useCallback((id: string) => sessions.find(id)?.session ?? null, [sessions]);
  const ended = useCallback(() => sessions.markEnded(sessionId), [sessions, sessionId]);
  const [agreed, setAgreed] = useState(stored?.ended ?? false);
  const standing = useStanding(api, agreed ? null : (stored?.session ?? null));

  if (!stored) return <Gone onNew={onNew} />;
  if (!agreed && standing.is === "asking") {
    return <Loading title="One moment" steps={[{ name: "Looking for your interview" }]} />;
  }
  if (!agreed && standing.is !== "over") {
    const { remaining, at } = standing.is === "open" ? standing : { remaining: null, at: 0 };
    return (
      <StillRunning
        topic={stored.session.skill_topic}
        {...{ remaining, at }}
        onReturn={() => navigate(pathOf({ page: "room", sessionId }))}
        onEnd={() => {
          ended();
          setAgreed(true);
        }}
      />
    );
  }
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
