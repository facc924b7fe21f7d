/** What a column of a list can be, with its name for people. */
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useWorkspacePath } from "../../app/session";
import { useLanguage } from "../../i18n/useLanguage";
import { plainText } from "../../kit/safeText";
import { CHATS, useChannelName } from "../../members/channels";
import { ATTRIBUTES } from "../../members/queries";
import type { ImportDetail } from "../queries";

export const IGNORE = "";
const ORDER_FIELDS = ["order_id", "time", "amount", "currency", "product", "items", "status", "community"] as const;
const TYPES = ["text", "number", "boolean", "date", "birthday", "list"] as const;
/** Where members have an id of their own; the rest of the chats know them by name only, or come in by connectors. */
const ID_CHANNELS = ["user_id", ...CHATS.filter((channel) => channel !== "other")] as const;

export interface Choice {
  value: string;
  label: string;
}

export interface ChoiceGroup {
  label: string;
  options: Choice[];
}

export function useTargets(kind: ImportDetail["kind"]): { groups: ChoiceGroup[]; nameOf: (target: string) => string } {
  const { t } = useTranslation(["lists", "members", "common"]);
  const path = useWorkspacePath();
  const language = useLanguage();
  const channelName = useChannelName();
  const { data } = $api.useQuery("get", ATTRIBUTES, { params: { path } });
  const attributes = (data?.items ?? []).map((one) => ({ value: `attribute:${one.key}`, label: plainText(language === "zh" ? one.name_zh : one.name_en) }));
  const people = [{ value: "name", label: t("target.name") }, ...(kind === "members" ? [{ value: "tags", label: t("target.tags") }] : [])];
  const idOn = (channel: string) => (channel === "user_id" ? channelName(channel) : t("target.identity", { channel: channelName(channel) }));
  const identities = ID_CHANNELS.map((channel) => ({ value: `identity:${channel}`, label: idOn(channel) }));
  const fresh = TYPES.map((type) => ({ value: `new:${type}`, label: t("target.new", { type: t(`members:type.${type}`) }) }));
  const orders = ORDER_FIELDS.map((field) => ({ value: field, label: t(`target.${field}`) }));
  const groups: ChoiceGroup[] = [
    ...(kind === "orders" ? [{ label: t("target.order"), options: orders }] : []),
    { label: t("target.people"), options: people },
    { label: t("target.identities"), options: identities },
    { label: t("target.attributes"), options: attributes },
    ...(kind === "members" ? [{ label: t("target.newGroup"), options: fresh }] : []),
  ];
  const names = new Map(groups.flatMap(({ options }) => options.map(({ value, label }) => [value, label] as const)));
  const nameOf = (target: string) => {
    if (target === IGNORE) return t("target.ignore");
    const channel = target.startsWith("identity:") ? target.slice("identity:".length) : null;
    return names.get(target) ?? (channel === null ? target : idOn(channel));
  };
  return { groups, nameOf };
}

/** Whether members can be found by a column that is this. The server says so again. */
export const isKey = (target: string): boolean => target.startsWith("identity:") || target.startsWith("attribute:");
const NO_KEYS = ["gender", "birthday", "city", "language", "time_zone", "note", "company", "title"].map((key) => `attribute:${key}`);
export const keyChoices = (mapping: Record<string, string>): string[] => [...new Set(Object.values(mapping))].filter((target) => isKey(target) && !NO_KEYS.includes(target));
