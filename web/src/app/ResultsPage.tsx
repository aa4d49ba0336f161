import { useCallback, useState } from "react";
import type { Api } from "../api/client";
import type { Config } from "../api/shape";
import { Gone } from "../features/results/Gone";
import { Results } from "../features/results/Results";
import type { Shelf } from "../session/store";

interface ResultsPageProps {
  sessionId: string;
  api: Api;
  config: Config | null;
  shelf: Shelf;
  onNew: () => void;
}

/** The results of a session that this browser holds the key to. */
export function ResultsPage({ sessionId, api, config, shelf, onNew }: ResultsPageProps) {
  // Read once: the page goes on showing the receipt after the session itself is forgotten.
  const [kept] = useState(() => shelf.find(sessionId));
  const forget = useCallback(() => shelf.remove(sessionId), [shelf, sessionId]);
  const ended = useCallback(() => shelf.markEnded(sessionId), [shelf, sessionId]);

  if (!kept) return <Gone onNew={onNew} />;
  return (
    <Results api={api} config={config} session={kept.session} onGone={forget} onEnded={ended} onNew={onNew} />
  );
}
