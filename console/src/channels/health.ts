/** How an account is, in one word: what its tag says, and its colour. */
import type { Account } from "./queries";

export type Condition = "well" | "waiting" | "failing" | "connecting" | "paused" | "needsReconnect";

export const CONDITION_COLOR = {
  well: "success",
  waiting: "warning",
  failing: "error",
  connecting: "processing",
  paused: "default",
  needsReconnect: "error",
} as const satisfies Record<Condition, string>;

export function conditionOf({ state, health }: Pick<Account, "state" | "health">): Condition {
  if (state === "needs_reconnect") return "needsReconnect";
  if (state === "paused") return "paused";
  if (health.errors > 0) return "failing";
  if (health.waits_until !== null) return "waiting";
  if (health.holds_connection && health.connected_at === null) return "connecting";
  return "well";
}

/** "100 ms", "12 s", "3 min": how long the last event took to come. */
export function lagParts(lag_ms: number): { value: number; unit: "ms" | "s" | "min" } {
  if (lag_ms < 1_000) return { value: lag_ms, unit: "ms" };
  if (lag_ms < 60_000) return { value: Math.round(lag_ms / 1_000), unit: "s" };
  return { value: Math.round(lag_ms / 60_000), unit: "min" };
}
