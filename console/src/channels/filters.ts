/** What the address of an account's page says. */
export const FIRST_TAB = "health";
const TABS = [FIRST_TAB, "chats", "outbox"] as const;
export type AccountTab = (typeof TABS)[number];
export const SHOWS = ["all", "waiting", "sent", "dead", "dropped"] as const;

export function parseAccountSearch(search: Record<string, unknown>): { tab?: AccountTab; show?: (typeof SHOWS)[number] } {
  const tab = TABS.find((known) => known === search["tab"]);
  const show = SHOWS.find((known) => known === search["show"]);
  return { ...(tab === undefined || tab === FIRST_TAB ? {} : { tab }), ...(show === undefined || show === "all" ? {} : { show }) };
}
