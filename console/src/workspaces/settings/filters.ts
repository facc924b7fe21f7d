/** What the addresses of the settings may hold. */
import { days, oneId, oneOf, parseFilters, text, type Filter, type FilterValues } from "../../kit/filters/schema";

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An id; a hand-made address with anything else must not become a refused request. */
function id(): Filter<string> {
  const filter = oneId();
  return { shape: filter.shape, parse: (raw) => (typeof raw === "string" && UUID.test(raw) ? raw : undefined) };
}

export const settingsFilters = { q: text(60) };
export const parseSettingsSearch = (search: Record<string, unknown>): FilterValues<typeof settingsFilters> => parseFilters(settingsFilters, search);

export const auditFilters = { actor: id(), action: oneId(), target: oneId(), when: days() };
export type AuditSearch = FilterValues<typeof auditFilters>;
export const parseAuditSearch = (search: Record<string, unknown>): AuditSearch => parseFilters(auditFilters, search);

export const REVIEWS = ["unreviewed", "accepted", "ignored", "declared"] as const;
export const eventTypeFilters = { q: text(100), review: oneOf(REVIEWS) };
export type EventTypesSearch = FilterValues<typeof eventTypeFilters>;
export const parseEventTypesSearch = (search: Record<string, unknown>): EventTypesSearch => parseFilters(eventTypeFilters, search);
