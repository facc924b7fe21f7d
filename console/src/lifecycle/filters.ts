/** What the addresses of the pages of the life cycle and of RFM may hold. The community is the switcher's. */
export type Kind = "activity" | "purchase";

export const MONTHS = [3, 6, 12, 24] as const;
export const MONTHS_DEFAULT = 6;
export type Months = (typeof MONTHS)[number];

export interface LifeCycleSearch {
  kind?: Kind;
  months?: Months;
}

export function parseLifeCycleSearch(search: Record<string, unknown>): LifeCycleSearch {
  const months = MONTHS.find((count) => String(count) === String(search.months));
  return { ...(search.kind === "purchase" ? { kind: "purchase" } : {}), ...(months && months !== MONTHS_DEFAULT ? { months } : {}) };
}

const BASES = ["orders", "activity"] as const;
export type Basis = (typeof BASES)[number];

export interface RFMSearch {
  date?: string;
  basis?: Basis;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function parseRFMSearch(search: Record<string, unknown>): RFMSearch {
  const basis = BASES.find((one) => one === search.basis);
  const isDay = typeof search.date === "string" && DAY.test(search.date) && !Number.isNaN(Date.parse(search.date));
  return { ...(isDay ? { date: search.date as string } : {}), ...(basis ? { basis } : {}) };
}
