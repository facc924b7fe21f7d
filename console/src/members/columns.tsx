/** The columns of the member list. */
import { useTranslation } from "react-i18next";

import type { components } from "../api/schema.gen";
import { formatDateTime, formatZone } from "../format/dates";
import { formatCount, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import type { DataColumn } from "../kit/table/DataTable";
import { TagChips } from "../tags/TagChip";
import type { TagBrief } from "../tags/queries";
import { useChannelName } from "./channels";
import { MemberLink, MemberTags } from "./MemberName";

export type MemberLine = components["schemas"]["MemberLine"];

const COMMUNITIES_SHOWN = 2;

function Moment({ at, zone }: { at: string | null; zone: string }) {
  const language = useLanguage();
  if (at === null) return NO_VALUE;
  return (
    <time dateTime={at} title={formatZone(at, zone)} className="ht-time">
      {formatDateTime(at, zone, language)}
    </time>
  );
}

function Communities({ line }: { line: MemberLine }) {
  const { t } = useTranslation(["members", "common"]);
  const more = line.communities.length - COMMUNITIES_SHOWN;
  if (line.communities.length === 0) return NO_VALUE;
  return (
    <span className="ht-member-communities" title={line.communities.map(({ name }) => plainText(name)).join("\n")}>
      {line.communities.slice(0, COMMUNITIES_SHOWN).map(({ id, name }) => (
        <SafeText key={id} text={name} clip />
      ))}
      {more > 0 ? <span className="ht-secondary">{t("list.more", { count: more })}</span> : null}
    </span>
  );
}

export function useMemberColumns(zone: string, tagsOf: ReadonlyMap<string, readonly TagBrief[]>): DataColumn<MemberLine>[] {
  const { t } = useTranslation(["members", "common"]);
  const channelName = useChannelName();
  return [
    {
      key: "name",
      title: t("field.name"),
      width: 210,
      fixed: true,
      sortable: "ascend",
      render: (line) => (
        <span className="ht-member-name">
          <MemberLink member={line} />
          <MemberTags member={line} />
        </span>
      ),
    },
    { key: "tags", title: t("field.tags"), width: 190, render: (line) => <TagChips tags={tagsOf.get(line.id) ?? []} /> },
    { key: "messages", title: t("field.messages"), width: 116, align: "right", sortable: "descend", render: (line) => formatCount(line.messages) },
    {
      key: "last_active",
      title: t("field.lastActive"),
      width: 200,
      sortable: "descend",
      render: (line) => (line.last_active_at === null ? <span className="ht-secondary">{t("never")}</span> : <RelativeTime at={line.last_active_at} zone={zone} />),
    },
    { key: "joined", title: t("field.joined"), width: 190, sortable: "descend", render: (line) => <Moment at={line.joined_at} zone={zone} /> },
    {
      key: "presence",
      title: t("field.presence"),
      width: 84,
      render: (line) => (line.joined_at === null ? NO_VALUE : t(line.left_at === null ? "presence.present" : "presence.left")),
    },
    { key: "communities", title: t("field.communities"), width: 160, render: (line) => <Communities line={line} /> },
    { key: "channels", title: t("field.channels"), width: 140, render: (line) => line.channels.map(channelName).join(t("separator")) || NO_VALUE },
    { key: "left", title: t("field.left"), width: 190, hidden: true, render: (line) => <Moment at={line.left_at} zone={zone} /> },
  ];
}
