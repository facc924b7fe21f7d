/** A to-do as its form holds it: the date in the workspace's zone, the reminder as so long before it. */
import dayjs from "dayjs";

import "../format/dates"; // brings the zones
import type { Part } from "../kit/meanwhile";
import type { Todo } from "./queries";

const HOUR_MILLISECONDS = 3_600_000;
const MINUTE_MILLISECONDS = 60_000;
const BEFORE = { due: 0, hour: HOUR_MILLISECONDS, day: 24 * HOUR_MILLISECONDS } as const;
export const REMINDERS = ["none", "due", "hour", "day"] as const;
/** "kept": a moment that is none of the offered ones. */
type Reminder = (typeof REMINDERS)[number] | "kept";

export interface Values {
  title: string;
  note: string;
  assignee_id: string | null;
  member_id: string | null;
  /** YYYY-MM-DD, or empty. */
  due_at: string;
  /** HH:mm. */
  due_time: string;
  remind_at: Reminder;
}

/** What is changed, and settled, as one. */
export const PARTS = [["title"], ["note"], ["assignee_id"], ["member_id"], ["due_at", "due_time"], ["remind_at"]] as const satisfies readonly Part<Values>[];

const DUE_TIME = "18:00";
export const EMPTY: Values = { title: "", note: "", assignee_id: null, member_id: null, due_at: "", due_time: DUE_TIME, remind_at: "none" };

function reminderOf({ due_at, remind_at }: Pick<Todo, "due_at" | "remind_at">): Reminder {
  if (remind_at === null) return "none";
  const before = due_at === null ? NaN : Date.parse(due_at) - Date.parse(remind_at);
  return REMINDERS.find((one) => one !== "none" && Math.abs(before - BEFORE[one]) < MINUTE_MILLISECONDS) ?? "kept";
}

export function valuesOf(todo: Todo, zone: string): Values {
  const due = todo.due_at === null ? null : dayjs(todo.due_at).tz(zone);
  return {
    title: todo.title,
    note: todo.note,
    assignee_id: todo.assignee?.id ?? null,
    member_id: todo.member?.id ?? null,
    due_at: due?.format("YYYY-MM-DD") ?? "",
    due_time: due?.format("HH:mm") ?? DUE_TIME,
    remind_at: reminderOf(todo),
  };
}

export function dueOf({ due_at, due_time }: Pick<Values, "due_at" | "due_time">, zone: string): string | null {
  return due_at && due_time ? dayjs.tz(`${due_at}T${due_time}:00`, zone).toISOString() : null;
}

/** When it is reminded of; `kept` is the moment it had. */
export function remindOf(values: Pick<Values, "due_at" | "due_time" | "remind_at">, zone: string, kept: string | null): string | null {
  if (values.remind_at === "kept") return kept;
  const due = dueOf(values, zone);
  if (due === null || values.remind_at === "none") return null;
  return new Date(Date.parse(due) - BEFORE[values.remind_at]).toISOString();
}

export function bodyOf(values: Values, zone: string, kept: string | null) {
  const { title, note, assignee_id, member_id } = values;
  return { title, note, assignee_id: assignee_id ?? null, member_id, due_at: dueOf(values, zone), remind_at: remindOf(values, zone, kept) };
}

/** Only what differs from the to-do as it was read: what somebody else wrote beside it stays. */
export function changesOf(values: Values, read: Todo, zone: string): Partial<ReturnType<typeof bodyOf>> {
  const before = bodyOf(valuesOf(read, zone), zone, read.remind_at);
  const now = bodyOf(values, zone, read.remind_at);
  const names = (Object.keys(now) as (keyof typeof now)[]).filter((name) => now[name] !== before[name]);
  return Object.fromEntries(names.map((name) => [name, now[name]]));
}
