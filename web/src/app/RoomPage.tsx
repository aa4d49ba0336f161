import { useCallback, useEffect, useMemo, useState } from "react";
import type { Api } from "../api/client";
import type { Config } from "../api/shape";
import type { OpenRoom } from "../avatar/room";
import { Check } from "../features/check/Check";
import { LeaveDialog } from "../features/rejoin/LeaveDialog";
import { Rejoin } from "../features/rejoin/Rejoin";
import { Gone } from "../features/results/Gone";
import { type AvatarOptions, Room } from "../features/room/Room";
import { renewal } from "../features/room/renewal";
import type { Leaving } from "../interview/scene";
import type { Devices, MediaAccess } from "../media/access";
import { type Departure, type Navigate, pathOf } from "../navigation/route";
import type { Session } from "../session/session";
import type { SessionStore } from "../session/store";
import { useStanding } from "./standing";

interface RoomPageProps {
  sessionId: string;
  api: Api;
  config: Config | null;
  /** `null` after a reload, which closes them. */
  devices: Devices | null;
  sessions: SessionStore;
  media: MediaAccess;
  openRoom: OpenRoom;
  navigate: Navigate;
  departure: Departure;
  onReady: (session: Session, devices: Devices) => void;
  onNew: () => void;
}

/** The room, or after a reload the way back into it. */
export function RoomPage(props: RoomPageProps) {
  const { sessionId, api, config, devices, sessions, media, openRoom, navigate, departure, onReady, onNew } =
    props;
  const [stored] = useState(() => sessions.find(sessionId));
  const [checking, setChecking] = useState(false);
  const [lost, setLost] = useState(false);
  const over = stored?.ended ?? false;
  const avatar = useAvatar(api, sessions, openRoom, stored?.session ?? null);
  const inside = devices !== null;
  const standing = useStanding(api, inside || over ? null : (stored?.session ?? null));

  const { hold } = departure;
  useEffect(() => {
    hold(inside);
    return () => hold(false);
  }, [hold, inside]);

  useEffect(() => {
    // The warnings of the start are shown once, not after each reload.
    if (inside) sessions.update(sessionId, { warnings: [] });
  }, [inside, sessions, sessionId]);

  const toResults = useCallback(
    () => navigate(pathOf({ page: "results", sessionId }), "replace"),
    [navigate, sessionId],
  );
  const ended = useCallback(() => {
    sessions.markEnded(sessionId);
    toResults();
  }, [sessions, sessionId, toResults]);

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

  if (!stored || lost) return <Gone onNew={onNew} />;
  if (over) return null;
  const { session } = stored;
  if (devices) {
    return (
      <>
        <Room
          session={session}
          {...devices}
          media={media}
          onEnded={left}
          avatar={avatar}
          offered={config?.avatar ?? false}
        />
        <LeaveDialog open={departure.asked} onStay={departure.stay} onLeave={departure.leave} />
      </>
    );
  }
  if (!checking) {
    const { remaining, at } = standing.is === "open" ? standing : { remaining: null, at: 0 };
    return (
      <Rejoin
        {...{ session, remaining, at, media, onReady }}
        onCheck={() => setChecking(true)}
        onEnd={ended}
      />
    );
  }
  return (
    <Check
      topic={session.skill_topic}
      question={session.question ?? null}
      returning
      hasCv={false}
      media={media}
      prepare={async () => session}
      onReady={onReady}
      onRefused={() => undefined}
    />
  );
}

/** How an avatar session opens its room, asks for another conversation, and is kept for a reload. */
function useAvatar(
  api: Api,
  sessions: SessionStore,
  open: OpenRoom,
  session: Session | null,
): AvatarOptions | null {
  return useMemo(() => {
    if (!session) return null;
    return {
      open,
      renew: () => renewal(api, session),
      onkeep: ({ address, wanted }) =>
        sessions.update(session.session_id, {
          conversation_url: address?.url ?? null,
          conversation_token: address?.token ?? null,
          output: wanted ? "avatar" : "voice",
        }),
    };
  }, [api, sessions, open, session]);
}
