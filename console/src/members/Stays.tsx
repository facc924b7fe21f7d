/** In which groups a member has been, from when to when; and what they did in each community. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import { formatDateTime, formatDuration, formatZone } from "../format/dates";
import { formatCount, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { NothingYet } from "../kit/EmptyState";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { useChannelName } from "./channels";
import type { Member } from "./queries";

type Stay = components["schemas"]["MembershipOut"];
type Participation = components["schemas"]["ParticipationOut"];

const STAYS = "/api/workspaces/{workspace_id}/members/{member_id}/memberships";
const PAGE_SIZE = 50;
const DAY_MILLISECONDS = 86_400_000;

type ZoneOf = (community_id: string) => string;

function Moment({ at, zone, none = NO_VALUE }: { at: string | null; zone: string; none?: string }) {
  const language = useLanguage();
  if (at === null) return none;
  return (
    <time dateTime={at} title={formatZone(at, zone)} className="ht-time">
      {formatDateTime(at, zone, language)}
    </time>
  );
}

export function Stays({ member, zoneOf }: { member: Member; zoneOf: ZoneOf }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  const path = useWorkspacePath();
  const channelName = useChannelName();
  const list = $api.useInfiniteQuery(
    "get",
    STAYS,
    { params: { path: { ...path, member_id: member.id }, query: { limit: PAGE_SIZE } } },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor },
  );
  const lasted = ({ joined_at, left_at }: Stay) => {
    const milliseconds = (left_at === null ? Date.now() : Date.parse(left_at)) - Date.parse(joined_at);
    return milliseconds >= DAY_MILLISECONDS
      ? t("stay.days", { count: Math.floor(milliseconds / DAY_MILLISECONDS), shown: formatCount(Math.floor(milliseconds / DAY_MILLISECONDS)) })
      : formatDuration(milliseconds / 1000, language);
  };
  const columns: DataColumn<Stay>[] = [
    { key: "group", title: t("field.group"), width: 150, fixed: true, render: ({ group }) => <SafeText text={group.name} clip /> },
    { key: "community", title: t("field.community"), width: 140, render: ({ community }) => <SafeText text={community.name} clip /> },
    { key: "channel", title: t("field.channel"), width: 80, render: ({ group }) => channelName(group.channel) },
    { key: "joined", title: t("stay.joined"), width: 160, render: ({ joined_at, community }) => <Moment at={joined_at} zone={zoneOf(community.id)} /> },
    { key: "left", title: t("stay.left"), width: 160, render: ({ left_at, community }) => <Moment at={left_at} zone={zoneOf(community.id)} none={t("stay.still")} /> },
    { key: "lasted", title: t("stay.lasted"), width: 90, align: "right", render: lasted },
  ];
  return (
    <DataTable
      id="member-stays"
      label={t("stay.title")}
      columns={columns}
      rows={list.data?.pages.flatMap(({ items }) => items)}
      rowKey={({ id }) => id}
      total={member.memberships_count}
      error={list.data ? null : list.error}
      onRetry={() => void list.refetch()}
      empty={<NothingYet title={t("stay.emptyTitle")} body={t("stay.emptyBody")} guide="members" />}
      pages={{ kind: "more", hasMore: list.hasNextPage, loadingMore: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }}
      skeletonRows={4}
    />
  );
}

export function Participations({ member, zoneOf }: { member: Member; zoneOf: ZoneOf }) {
  const { t } = useTranslation(["members", "common"]);
  const columns: DataColumn<Participation>[] = [
    {
      key: "community",
      title: t("field.community"),
      width: 180,
      fixed: true,
      render: ({ community }) => (
        <Link to="/members" search={{ community: community.id }} title={t("participation.others")}>
          <SafeText text={community.name} clip />
        </Link>
      ),
    },
    { key: "messages", title: t("field.messages"), width: 90, align: "right", render: ({ messages }) => formatCount(messages) },
    { key: "firstSeen", title: t("field.firstSeen"), width: 180, render: (row) => <Moment at={row.first_seen_at} zone={zoneOf(row.community.id)} /> },
    { key: "firstActive", title: t("participation.firstActive"), width: 180, render: (row) => <Moment at={row.first_active_at} zone={zoneOf(row.community.id)} none={t("never")} /> },
    { key: "lastActive", title: t("field.lastActive"), width: 180, render: (row) => <Moment at={row.last_active_at} zone={zoneOf(row.community.id)} none={t("never")} /> },
    { key: "lastMessage", title: t("participation.lastMessage"), width: 180, render: (row) => <Moment at={row.last_message_at} zone={zoneOf(row.community.id)} none={t("never")} /> },
    {
      key: "presence",
      title: t("field.presence"),
      width: 100,
      render: (row) => (row.joined_at === null ? NO_VALUE : t(row.left_at === null ? "presence.present" : "presence.left")),
    },
  ];
  return (
    <DataTable
      id="member-participations"
      label={t("participation.title")}
      columns={columns}
      rows={member.participations}
      rowKey={({ community }) => community.id}
      total={member.participations.length}
      empty={<NothingYet title={t("participation.emptyTitle")} body={t("participation.emptyBody")} guide="members" />}
    />
  );
}
