/** What can be imported, as the address says it. */
export const KINDS = ["history", "members", "orders"] as const;
export type Kind = (typeof KINDS)[number];

export interface ImportSearch {
  /** The group the person came from. */
  group?: string;
  /** Left out: a chat history. */
  kind?: Kind;
}

export function parseImportSearch(search: Record<string, unknown>): ImportSearch {
  const kind = KINDS.find((one) => one === search.kind);
  return { ...(typeof search.group === "string" ? { group: search.group } : {}), ...(kind && kind !== "history" ? { kind } : {}) };
}
