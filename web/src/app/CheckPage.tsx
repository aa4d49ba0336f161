import { useCallback, useEffect } from "react";
import type { Api } from "../api/client";
import type { Config } from "../api/shape";
import type { StartRequest } from "../api/types";
import type { Words } from "../api/words";
import { Check } from "../features/check/Check";
import type { Devices, Doors } from "../features/check/doors";
import type { Prepare } from "../features/check/useBegin";
import type { SendCvText } from "../features/setup/useCvReview";
import { validate } from "../features/setup/validate";
import { type Session, sessionFrom, withoutCvText } from "../session/session";
import type { Shelf } from "../session/shelf";
import { nearest } from "../stream/nearest";
import type { Navigate } from "./route";

interface CheckPageProps {
  api: Api;
  shelf: Shelf;
  doors: Doors;
  draft: StartRequest;
  config: Config | null;
  onChange: (draft: StartRequest) => void;
  navigate: Navigate;
  onReady: (session: Session, devices: Devices) => void;
  onRefused: (words: Words) => void;
}

/** The device check before an interview; Begin creates it. Without a topic there is nothing to check for yet. */
export function CheckPage(props: CheckPageProps) {
  const { api, shelf, doors, draft, config, onChange, navigate, onReady, onRefused } = props;
  const incomplete = Object.keys(validate(draft)).length > 0;

  useEffect(() => {
    if (incomplete) navigate("/", "replace");
  }, [incomplete, navigate]);

  const prepare = useCallback<Prepare>(
    async (onProgress, signal) => {
      const session = sessionFrom(await api.start(draft, { onProgress, signal }), draft);
      shelf.keep(withoutCvText(session));
      const others = session.stream_urls?.filter((url) => url !== session.stream_url) ?? [];
      const here = { ...session, stream_url: await nearest([session.stream_url, ...others], { signal }) };
      shelf.keep(withoutCvText(here));
      return here;
    },
    [api, draft, shelf],
  );
  const sendCvText = useCallback<SendCvText>((session, text) => api.cvText(session, text), [api]);

  if (incomplete) return null;
  return (
    <Check
      topic={draft.skill_topic}
      returning={false}
      hasCv={draft.cv !== null}
      output={
        config?.avatar ? { output: draft.output, onChange: (output) => onChange({ ...draft, output }) } : null
      }
      {...{ doors, prepare, sendCvText, onReady, onRefused }}
    />
  );
}
