/** What exactly an act changed, line by line. Ids and what was left empty stay in the file. */
import { useTranslation } from "react-i18next";

import { SafeText } from "../../kit/SafeText";

const ARROW = " → ";

function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.map(plain).join(", ");
  return JSON.stringify(value);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** `{changed: {name: [a, b]}}` and `{role: {from: a, to: b}}` are both "name: a → b". */
export function detailLines(details: Record<string, unknown>): { name: string; text: string }[] {
  return Object.entries(details).flatMap(([name, value]) => {
    if (name === "changed" && isRecord(value)) {
      return Object.entries(value).map(([field, pair]) => ({
        name: field,
        text: Array.isArray(pair) && pair.length === 2 ? pair.map(plain).join(ARROW) : isRecord(pair) && "from" in pair ? `${plain(pair.from)}${ARROW}${plain(pair.to)}` : plain(pair),
      }));
    }
    if (isRecord(value) && "from" in value && "to" in value) return [{ name, text: `${plain(value.from)}${ARROW}${plain(value.to)}` }];
    if (value === null || value === "" || name.endsWith("_id")) return [];
    return [{ name, text: plain(value) }];
  });
}

const FIELDS = {
  name: "settings:audit.fields.name",
  kind: "settings:audit.fields.kind",
  description: "settings:audit.fields.description",
  time_zone: "settings:audit.fields.zone",
  language: "settings:audit.fields.language",
  role: "settings:audit.fields.role",
  days: "settings:audit.fields.days",
  scopes: "settings:audit.fields.scopes",
  expires_at: "settings:audit.fields.expires",
  channel: "settings:audit.fields.channel",
  members: "settings:audit.fields.members",
  events: "settings:audit.fields.events",
  review: "settings:audit.fields.review",
} as const;

const isKnown = (name: string): name is keyof typeof FIELDS => Object.hasOwn(FIELDS, name);

export function AuditDetails({ details }: { details: Record<string, unknown> }) {
  const { t } = useTranslation(["settings", "common"]);
  return (
    <div className="ht-details">
      {detailLines(details).map(({ name, text }) => (
        <span key={name}>
          <span className="ht-secondary">{isKnown(name) ? t(FIELDS[name]) : name}</span> <SafeText text={text} />
        </span>
      ))}
    </div>
  );
}
