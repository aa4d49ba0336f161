import { ForeignRoomError, type OpenRoom } from "./room";

/** Opens a room of Daily, and no other. daily-js is loaded with the first one: an interview by voice never loads it. */
export const openDailyRoom: OpenRoom = async (address, events) => {
  if (!isDaily(address.url)) throw new ForeignRoomError("the room is not one of Daily's");
  const { DailyRoom } = await import("./daily");
  return new DailyRoom(address, events);
};

/** Whether an address is served over https by one of Daily's own domains. */
export function isDaily(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" && /(^|\.)daily(\.co|webrtc\.(com|net))$/.test(hostname);
}
