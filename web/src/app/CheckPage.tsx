import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Api } from "../api/client";
import { ApiError } from "../api/error";
import type { Explanation } from "../api/explanation";
import type { Config } from "../api/shape";
import { Check } from "../features/check/Check";
import type { Prepare } from "../features/check/useBegin";
import type { SendCvText } from "../features/check/useCvReview";
import { Chosen } from "../features/setup/Chosen";
import { validate } from "../features/setup/validate";
import type { Devices, MediaAccess } from "../media/access";
import { Link } from "../navigation/Link";
import type { Navigate } from "../navigation/route";
import { nearest } from "../relay/nearest";
import { offeredChoices } from "../session/choices";
import type { Draft } from "../session/draft";
import { retakenBy, withoutRetake } from "../session/retake";
import { type Session, sessionFrom, withoutCvText } from "../session/session";
import type { SessionStore } from "../session/store";
import { Loading, type Step } from "./Loading";

interface CheckPageProps {
  api: Api;
  sessions: SessionStore;
  media: MediaAccess;
  draft: Draft;
  /** The CV's text that the set-up page has shown; `null`: none. */
  shown: string | null;
  config: Config | null;
  /** Loads the code of the room. */
  loadRoom: () => Promise<void>;
  onChange: (draft: Draft) => void;
  /** The interview exists now. */
  onCreated: () => void;
  navigate: Navigate;
  onReady: (session: Session, devices: Devices) => void;
  onRefused: (problem: Explanation) => void;
}

/** The device check. Begin creates the interview. Without a topic the candidate is sent back to the set-up. */
export function CheckPage(props: CheckPageProps) {
  const { api, sessions, media, draft, shown, config, loadRoom } = props;
  const { onChange, onCreated, navigate, onReady, onRefused } = props;
  const hasCv = draft.cv !== null;
  const [progress, setProgress] = useState<Progress | null>(null);
  const covered = useCovered(progress !== null);
  const retaken = retakenBy(draft, sessions);
  const question = (retaken && draft.retake_question?.question) ?? null;
  const incomplete = Object.keys(validate(draft)).length > 0;

  // Before anything is painted: nothing moves.
  useLayoutEffect(() => {
    if (incomplete) navigate("/", "replace");
  }, [incomplete, navigate]);

  useEffect(() => {
    // Before the interview exists. When it fails, Begin tries it again.
    if (!incomplete) loadRoom().catch(() => undefined);
  }, [loadRoom, incomplete]);

  const create = useCallback<Prepare>(
    async (onProgress, signal) => {
      const retake = retakenBy(draft, sessions) ?? undefined;
      const { minutes: _, voice: __, ...rest } = draft;
      const wanted = { ...rest, ...offeredChoices(draft, config) };
      const answer = await api.start(wanted, { onProgress, signal, retake }).catch((error: unknown) => {
        if (!retake || !(error instanceof ApiError) || error.status !== 404) throw error;
        // The next click begins a new interview.
        onChange(withoutRetake(draft));
        throw new ApiError("retake_gone", "Your earlier interview is gone", "", 404);
      });
      // Without the earlier interview it is a whole one.
      const session = sessionFrom(answer, retake ? draft : withoutRetake(draft));
      sessions.save(withoutCvText(session));
      onCreated();
      setProgress({ sent: 1, created: true });
      const others = session.stream_urls?.filter((url) => url !== session.stream_url) ?? [];
      const [stream_url] = await Promise.all([
        nearest([session.stream_url, ...others], { signal }),
        // When its code can't be loaded, the room says so. The interview exists.
        loadRoom().catch(() => undefined),
      ]);
      const here = { ...session, stream_url };
      sessions.save(withoutCvText(here));
      return here;
    },
    [api, config, draft, sessions, onChange, onCreated, loadRoom],
  );
  const prepare = useCallback<Prepare>(
    async (onProgress, signal) => {
      setProgress({ sent: 0, created: false });
      try {
        return await create((sent) => {
          setProgress({ sent, created: false });
          onProgress(sent);
        }, signal);
      } finally {
        setProgress(null);
      }
    },
    [create],
  );
  // A text that the candidate has changed is their own; without a file it is that of the interview before.
  const seen = useCallback(
    (text: string) => draft.cv === null || draft.cv_text !== null || text === shown,
    [draft.cv, draft.cv_text, shown],
  );
  const sendCvText = useCallback<SendCvText>((session, text) => api.cvText(session, text), [api]);

  if (incomplete) return null;
  return (
    <>
      {progress && (
        <Loading arrives title="Your interview is being prepared" steps={stepsOf(progress, hasCv)}>
          <Link to="/">Back to set-up</Link>
        </Loading>
      )}
      {/* The devices stay open behind the loading screen. */}
      <div ref={covered} hidden={progress !== null}>
        <Chosen draft={draft} config={config} retaken={retaken} />
        <Check
          topic={draft.skill_topic}
          question={question}
          returning={false}
          output={
            config?.avatar
              ? { output: draft.output, onChange: (output) => onChange({ ...draft, output }) }
              : null
          }
          {...{ hasCv, media, prepare, seen, sendCvText, onReady, onRefused }}
        />
      </div>
    </>
  );
}

/** How far the preparation is. */
interface Progress {
  /** How much of the request has been sent, from 0 to 1. */
  sent: number;
  /** The interview exists. */
  created: boolean;
}

function stepsOf({ sent, created }: Progress, hasCv: boolean): Step[] {
  const arrived = sent >= 1 || !hasCv;
  // In steps of ten percent, so that screen readers don't announce every change.
  const cv: Step[] = [
    {
      name: arrived ? "Sending your CV" : `Sending your CV: ${Math.floor(sent * 10) * 10} %`,
      state: arrived ? "done" : "now",
    },
  ];
  return [
    ...(hasCv ? cv : []),
    {
      name: hasCv ? "Reading your CV and briefing the interviewer" : "Briefing the interviewer",
      state: created ? "done" : arrived ? "now" : "next",
    },
    { name: "Opening the room", state: created ? "now" : "next" },
  ];
}

/** While something is hidden, the focus can't be in it; afterwards it returns to where it was. */
function useCovered(on: boolean) {
  const container = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLElement | null>(null);
  // During rendering the focus is still where it was.
  if (on && !before.current && document.activeElement instanceof HTMLElement) {
    before.current = document.activeElement;
  }
  useEffect(() => {
    if (on) return;
    if (before.current && container.current?.contains(before.current)) before.current.focus();
    before.current = null;
  }, [on]);
  return container;
}
