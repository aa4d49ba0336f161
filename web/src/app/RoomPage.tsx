import { useCallback, useEffect, useMemo, useState } from "react";
import type { Api } from "../api/client";
import type { Config } from "../api/shape";
import { Check } from "../features/check/Check";
import { Rejoin } from "../features/rejoin/Rejoin";
import { Gone } from "../features/results/Gone";
import { type AvatarDoors, Room } from "../features/room/Room";
import { renewal } from "../features/room/renewal";
import type { Leaving } from "../interview/scene";
import type { Devices, Doors } from "../media/access";
import { type Navigate, pathOf } from "../navigation/route";
import type { Session } from "../session/session";
import type { Shelf } from "../session/store";

interface RoomPageProps {
  sessionId: string;
  api: Api;
  config: Config | null;
  /** None after a reload, which closes them. */
  devices: Devices | null;
  shelf: Shelf;
  doors: Doors;
  navigate: Navigate;
  onReady: (session: Session, devices: Devices) => void;
  onNew: () => void;
}

/** The room, and the way back into it. */
export function RoomPage(props: RoomPageProps) {
  const { sessionId, api, config, devices, shelf, doors, navigate, onReady, onNew } = props;
  const [kept] = useState(() => shelf.find(sessionId));
  const [checking, setChecking] = useState(false);
  const [lost, setLost] = useState(false);
  const over = kept?.ended ?? false;
  const avatar = useAvatar(api, shelf, kept?.session ?? null);
  const inside = devices !== null;

  useEffect(() => {
    // What did not work at the start is told to whoever comes in for the first time.
    if (inside) shelf.change(sessionId, { warnings: [] });
  }, [inside, shelf, sessionId]);

  const toResults = useCallback(
    () => navigate(pathOf({ page: "results", sessionId }), "replace"),
    [navigate, sessionId],
  );
  const ended = useCallback(() => {
    shelf.markEnded(sessionId);
    toResults();
  }, [shelf, sessionId, toResults]);

  const left = useCallback(
    (reason: Leaving) => {
      if (reason === "not_found") setLost(true);
      else ended();
    },
    [ended],
  );

  useEffect(() => {
    if (over) toResults();
  }, [over, toResults]);

  if (!kept || lost) return <Gone onNew={onNew} />;
  if (over) return null;
  const { session } = kept;
  if (devices) {
    return (
      <Room session={session} {...devices} onEnded={left} avatar={avatar} offered={config?.avatar ?? false} />
    );
  }
  if (!checking) {
    return <Rejoin {...{ session, doors, onReady }} onCheck={() => setChecking(true)} onEnd={ended} />;
  }
  return (
    <Check
      topic={session.skill_topic}
      returning
      hasCv={false}
      doors={doors}
      prepare={async () => session}
      onReady={onReady}
      onRefused={() => undefined}
    />
  );
}

/** How the interviewer's face is asked for anew, and what a reload has to know of it. */
function useAvatar(api: Api, shelf: Shelf, session: Session | null): AvatarDoors | null {
  return useMemo(() => {
    if (!session) return null;
    return {
      renew: () => renewal(api, session),
      onkeep: ({ place, wanted }) =>
        shelf.change(session.session_id, {
          conversation_url: place?.url ?? null,
          conversation_token: place?.token ?? null,
          output: wanted ? "avatar" : "voice",
        }),
    };
  }, [api, shelf, session]);
}
