/** Filters as data: what each one may hold, read from and written to the address of the page. */
export type DayRange = `${number}d` | `${string}..${string}`;

/** "30d" are the last 30 days; "2026-10-01..2026-10-31" are those days, both included. */
export function readRange(range: DayRange): { days: number } | { from: string; to: string } {
  const [from, to] = range.split("..") as [string, string | undefined];
  return to === undefined ? { days: parseInt(from, 10) } : { from, to };
}

type Shape =
  | { kind: "text"; length_max: number }
  | { kind: "one"; options: readonly string[] | null }
  | { kind: "many"; options: readonly string[] | null; count_max: number }
  | { kind: "yesNo" }
  | { kind: "days" };

export interface Filter<Value> {
  shape: Shape;
  /** The value in an address, or undefined when absent or not valid: a hand-made link never breaks a page. */
  parse: (raw: unknown) => Value | undefined;
}

const TEXT_LENGTH_MAX = 200;
const MANY_COUNT_MAX = 50;
const DAYS_MAX = 3_660;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const allowed = (value: unknown, options: readonly string[] | null): value is string =>
  typeof value === "string" && value !== "" && (options === null || options.includes(value));

export function text(length_max = TEXT_LENGTH_MAX): Filter<string> {
  return {
    shape: { kind: "text", length_max },
    parse(raw) {
      return typeof raw === "string" && raw.trim() !== "" ? raw.slice(0, length_max) : undefined;
    },
  };
}

/** One of a fixed list. */
export function oneOf<const Option extends string>(options: readonly Option[]): Filter<Option> {
  return {
    shape: { kind: "one", options },
    parse: (raw) => (allowed(raw, options) ? (raw as Option) : undefined),
  };
}

/** One id of a list that is only known later, such as a group. */
export function oneId(): Filter<string> {
  return { shape: { kind: "one", options: null }, parse: (raw) => (allowed(raw, null) ? raw : undefined) };
}

export function manyOf<const Option extends string>(options: readonly Option[] | null = null): Filter<Option[]> {
  return {
    shape: { kind: "many", options, count_max: MANY_COUNT_MAX },
    parse(raw) {
      const list = (Array.isArray(raw) ? raw : [raw]).filter((item): item is Option => allowed(item, options));
      return list.length > 0 ? [...new Set(list)].slice(0, MANY_COUNT_MAX) : undefined;
    },
  };
}

export function yesNo(): Filter<boolean> {
  return {
    shape: { kind: "yesNo" },
    parse: (raw) => (raw === true || raw === "true" ? true : raw === false || raw === "false" ? false : undefined),
  };
}

function realDay(value: unknown): value is string {
  if (typeof value !== "string" || !DAY.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** The last n days, or two local days, both included. */
export function days(): Filter<DayRange> {
  return {
    shape: { kind: "days" },
    parse(raw) {
      if (typeof raw !== "string") return undefined;
      const last = /^([1-9]\d{0,3})d$/.exec(raw);
      if (last) return Number(last[1]) <= DAYS_MAX ? (raw as DayRange) : undefined;
      const [from, to, ...rest] = raw.split("..");
      return rest.length === 0 && realDay(from) && realDay(to) && from <= to ? `${from}..${to}` : undefined;
    },
  };
}

export type Filters = Record<string, Filter<unknown>>;
export type FilterValues<F extends Filters> = { [Key in keyof F]?: F[Key] extends Filter<infer Value> ? Value : never };

/** For a route's `validateSearch`: keeps what is valid, drops the rest. */
export function parseFilters<F extends Filters>(filters: F, search: Record<string, unknown>): FilterValues<F> {
  const values: Record<string, unknown> = {};
  for (const [key, filter] of Object.entries(filters)) {
    const value = filter.parse(search[key]);
    if (value !== undefined) values[key] = value;
  }
  return values as FilterValues<F>;
}

export function filtersInUse(values: Record<string, unknown>): number {
  return Object.values(values).filter((value) => value !== undefined).length;
}
