/** Until when a key works. */
import dayjs from "dayjs";

import "../../format/dates"; // brings the zones

export const EXPIRIES = ["30", "90", "365", "never", "day"] as const;
export type Expiry = (typeof EXPIRIES)[number];

const DAY_MILLISECONDS = 86_400_000;

/** The moment as the API takes it; null: no end. A day of one's own lasts until it is over in the workspace's zone. */
export function expiresAt(expiry: Expiry, day: string | undefined, zone: string, now = new Date()): string | null {
  if (expiry === "never") return null;
  if (expiry === "day") return dayjs.tz(`${day ?? ""}T23:59:59`, zone).toISOString();
  return new Date(now.getTime() + Number(expiry) * DAY_MILLISECONDS).toISOString();
}
