/** What sets a rule off or lets people into a journey, as JSON: the way hutong/automations/triggers.py has it. */
import type { PropertyTest } from "../../segments/editor/language";
import { missingIn } from "../../segments/editor/problems";

/** When something is due: hutong/foundation/timing.py. */
export interface Timing {
  kind: (typeof TIMINGS)[number];
  zone: string;
  at: string;
  time: string;
  weekdays: number[];
  month?: number;
  day: number;
  cron: string;
  only_workdays: boolean;
}

export const TIMINGS = ["daily", "weekly", "monthly", "yearly", "lunar", "at", "cron"] as const;
export const LAST_DAY = 32;
export const LUNAR_DAYS_MAX = 30;
export const OFFSET_DAYS_MAX = 366;

export interface EventTrigger {
  kind: "event";
  event: string;
  where?: PropertyTest[];
  groups?: string[];
}

export interface SegmentTrigger {
  kind: "segment";
  segment: string;
  way?: "entered" | "left";
}

export interface ScheduleTrigger {
  kind: "schedule";
  timing: Timing;
  segment?: string | null;
}

/** A day that an attribute names, so many days before (negative) or after it. */
export interface DateOf {
  attribute: string;
  offset_days?: number;
  time?: string;
  calendar?: "solar" | "lunar";
  yearly?: boolean;
}

export interface DateTrigger extends DateOf {
  kind: "date";
}

export interface ManualTrigger {
  kind: "manual";
}

export type Trigger = EventTrigger | SegmentTrigger | ScheduleTrigger | DateTrigger | ManualTrigger;
export type TriggerKind = Trigger["kind"];
export const RULE_TRIGGERS = ["event", "segment", "schedule", "date"] as const satisfies readonly TriggerKind[];
export const JOURNEY_TRIGGERS = [...RULE_TRIGGERS, "manual"] as const satisfies readonly TriggerKind[];

/** A trigger of a kind with nothing chosen yet. */
export function newTrigger(kind: TriggerKind, zone: string): Trigger {
  switch (kind) {
    case "event":
      return { kind, event: "" };
    case "segment":
      return { kind, segment: "", way: "entered" };
    case "schedule":
      return { kind, timing: { ...TIMING, zone, weekdays: [1, 2, 3, 4, 5] } };
    case "date":
      return { kind, attribute: "", offset_days: 0, time: "09:00" };
    case "manual":
      return { kind };
  }
}

const TIMING: Timing = { kind: "daily", zone: "Asia/Shanghai", at: "", time: "09:00", weekdays: [], day: 1, cron: "", only_workdays: false };

/** A trigger as the API gives it: of a timing only what differs from how timings begin may be said. */
export function wholeTrigger(raw: Readonly<Record<string, unknown>>): Trigger {
  const trigger = raw as unknown as Trigger;
  return trigger.kind === "schedule" ? { ...trigger, timing: { ...TIMING, ...trigger.timing } } : trigger;
}

/** With the month where the kind has one, and no day that its month never has. */
export function withTimingKind(timing: Timing, kind: Timing["kind"]): Timing {
  const { month = 1, ...rest } = timing;
  if (kind !== "yearly" && kind !== "lunar") return { ...rest, kind };
  return { ...rest, kind, month, day: Math.min(timing.day, daysOf(kind, month)) };
}

/** Days a month may have, in the longest of years. */
export const daysOf = (kind: "yearly" | "lunar", month: number): number => (kind === "lunar" ? LUNAR_DAYS_MAX : new Date(Date.UTC(2000, month, 0)).getUTCDate());

/** What is plainly not chosen yet, by the names of its fields: the server could only say the same. */
export function lacksOf(trigger: Trigger): string[] {
  switch (trigger.kind) {
    case "event":
      return missingIn({ kind: "event", event: trigger.event, where: trigger.where ?? [] }, () => "text").map(({ field }) => field.slice(1).replaceAll("/", "."));
    case "segment":
      return trigger.segment === "" ? ["segment"] : [];
    case "schedule":
      return scheduleLacks(trigger.timing).map((field) => `timing.${field}`);
    case "date":
      return trigger.attribute === "" ? ["attribute"] : [];
    case "manual":
      return [];
  }
}

function scheduleLacks({ kind, at, time, weekdays, cron }: Timing): string[] {
  if (kind === "at") return at === "" ? ["at"] : [];
  if (kind === "cron") return cron.trim() === "" ? ["cron"] : [];
  return [...(time === "" ? ["time"] : []), ...(kind === "weekly" && weekdays.length === 0 ? ["weekdays"] : [])];
}

export const isWhole = (trigger: Trigger): boolean => lacksOf(trigger).length === 0;
