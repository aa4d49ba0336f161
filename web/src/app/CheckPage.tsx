import { useCallback, useEffect } from "react";
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
import type { Navigate } from "../navigation/route";
import { nearest } from "../relay/nearest";
import { offeredChoices } from "../session/choices";
import type { Draft } from "../session/draft";
import { retakenBy, withoutRetake } from "../session/retake";
import { type Session, sessionFrom, withoutCvText } from "../session/session";
import type { SessionStore } from "../session/store";

interface CheckPageProps {
  api: Api;
  sessions: SessionStore;
  media: MediaAccess;
  draft: Draft;
  /** The CV's text that the set-up page has shown; `null`: none. */
  shown: string | null;
  config: Config | null;
  onChange: (draft: Draft) => void;
  /** The interview exists now. */
  onCreated: () => void;
  navigate: Navigate;
  onReady: (session: Session, devices: Devices) => void;
  onRefused: (problem: Explanation) => void;
}

/** The device check. Begin creates the interview. Without a topic the candidate is sent back to the set-up. */
export function CheckPage(props: CheckPageProps) {
  const { api, sessions, media, draft, shown, config, onChange, onCreated, navigate, onReady, onRefused } =
    props;
  const incomplete = Object.keys(validate(draft)).length > 0;

  useEffect(() => {
    if (incomplete) navigate("/", "replace");
  }, [incomplete, navigate]);

  const prepare = useCallback<Prepare>(
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
      const session = sessionFrom(answer, draft);
      sessions.save(withoutCvText(session));
      onCreated();
      const others = session.stream_urls?.filter((url) => url !== session.stream_url) ?? [];
      const here = { ...session, stream_url: await nearest([session.stream_url, ...others], { signal }) };
      sessions.save(withoutCvText(here));
      return here;
    },
    [api, config, draft, sessions, onChange, onCreated],
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
      <Chosen draft={draft} config={config} earlierCv={retakenBy(draft, sessions)?.cv?.filename ?? null} />
      <Check
        topic={draft.skill_topic}
        returning={false}
        hasCv={draft.cv !== null}
        output={
          config?.avatar
            ? { output: draft.output, onChange: (output) => onChange({ ...draft, output }) }
            : null
        }
        {...{ media, prepare, seen, sendCvText, onReady, onRefused }}
      />
    </>
  );
}
