import { useCallback, useEffect, useState } from "react";
import { Check } from "../features/check/Check";
import type { Devices, Doors } from "../features/check/doors";
import { Rejoin } from "../features/rejoin/Rejoin";
import { Gone } from "../features/results/Gone";
import { Room } from "../features/room/Room";
import type { Leaving } from "../features/room/scene";
import type { Session } from "../session/session";
import type { Shelf } from "../session/shelf";
import { type Navigate, pathOf } from "./route";

interface RoomPageProps {
  sessionId: string;
  /** None after a reload, which closes them. */
  devices: Devices | null;
  shelf: Shelf;
  doors: Doors;
  navigate: Navigate;
  onReady: (session: Session, devices: Devices) => void;
  onNew: () => void;
}

/** The room, and the way back into it. */
export function RoomPage({ sessionId, devices, shelf, doors, navigate, onReady, onNew }: RoomPageProps) {
  const [kept] = useState(() => shelf.find(sessionId));
  const [checking, setChecking] = useState(false);
  const [lost, setLost] = useState(false);
  const over = kept?.ended ?? false;

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
  if (devices) return <Room session={session} {...devices} onEnded={left} />;
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
