/** Durations: seconds for the server, a number and a unit for people. */
export const UNITS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;
export type Unit = keyof typeof UNITS;
const LARGEST_FIRST = ["day", "hour", "minute", "second"] as const satisfies readonly Unit[];

export interface Duration {
  number: number;
  unit: Unit;
}

/** In the largest unit of which it is a whole number. */
export function durationOf(seconds: number): Duration {
  const unit = seconds === 0 ? "minute" : (LARGEST_FIRST.find((one) => seconds % UNITS[one] === 0) ?? "second");
  return { number: seconds / UNITS[unit], unit };
}

export const secondsOf = ({ number, unit }: Duration): number => Math.round(number * UNITS[unit]);
