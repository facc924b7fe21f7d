/** The groups of one community, each with its numbers. */
import { PlusOutlined } from "@ant-design/icons";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { formatCount } from "../format/numbers";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { days, oneOf, type FilterValues } from "../kit/filters/schema";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { useChannelName } from "../members/channels";
import { useMetrics } from "../reports/definitions";
import { useChangeSearch } from "../reports/filters";
import { CreateGroup } from "./CreateGroup";
import { Difference } from "./Difference";
import { useGroupList, useNumbersBeside, type Community, type Group } from "./queries";

const FILTERS = { range: days(), show: oneOf(["archived", "all"]) };
type GroupsSearch = FilterValues<typeof FILTERS>;
const METRICS = ["active", "dau", "new", "left", "net_growth", "messages", "speaker_share"] as const;
const HIDDEN: readonly string[] = ["dau", "left"];

export function GroupsTab({ community }: { community: Community }) {
  const { t } = useTranslation(["communities", "reports", "common"]);
  const navigate = useNavigate();
  const channelName = useChannelName();
  const metrics = useMetrics();
  const { range, show } = useSearch({ from: "/_in/communities/$communityId" });
  const values = { ...(range ? { range } : {}), ...(show ? { show } : {}) };
  const mayManage = useMay("communities.manage");
  const [creating, setCreating] = useState(false);
  const list = useGroupList({ community_id: community.id, show: show ?? "open" });
  const numbers = useNumbersBeside(range, community.id);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const changeSearch = useChangeSearch<GroupsSearch>();
  const change = (next: GroupsSearch) => { changeSearch({ range: next.range, show: next.show }); };
  const create = mayManage && community.archived_at === null ? () => { setCreating(true); } : null;
  const columns: DataColumn<Group>[] = [
    {
      key: "name",
      title: t("group.name"),
      width: 240,
      fixed: true,
      render: (one) => (
        <div className="ht-name-and-marks">
          <Link to="/communities/$communityId/groups/$groupId" params={{ communityId: community.id, groupId: one.id }} search={{ community: community.id }}>
            <SafeText text={one.name} />
          </Link>
          {one.archived_at === null ? null : <Tag variant="filled">{t("archived")}</Tag>}
        </div>
      ),
    },
    { key: "channel", title: t("group.channel"), width: 110, render: (one) => channelName(one.channel) },
    { key: "members", title: t("members"), width: 100, align: "right", render: (one) => formatCount(one.members) },
    ...METRICS.map((key): DataColumn<Group> => ({
      key,
      title: metrics.get(key)?.name ?? t("common:loading"),
      width: 120,
      align: "right",
      hidden: HIDDEN.includes(key),
      render: (one) => <Difference metric={metrics.get(key)} now={numbers.now?.get(one.id)?.[key]} before={numbers.before?.get(one.id)?.[key]} days={numbers.days} />,
    })),
  ];
  return (
    <>
      <FilterBar
        filters={FILTERS}
        fields={{
          range: { label: t("reports:filter.range"), defaultDays: 30 },
          show: { label: t("filter.show"), options: [{ value: "archived", label: t("filter.archived") }, { value: "all", label: t("filter.all") }] },
        }}
        values={values}
        onChange={change}
      >
        {create ? (
          <Button icon={<PlusOutlined aria-hidden />} onClick={create}>{t("group.create")}</Button>
        ) : null}
      </FilterBar>
      {numbers.error ? <ErrorState error={numbers.error} onRetry={numbers.retry} compact /> : null}
      <DataTable
        id="groups"
        label={t("tabs.groups")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        skeletonRows={5}
        onOpen={({ id }) =>
          void navigate({ to: "/communities/$communityId/groups/$groupId", params: { communityId: community.id, groupId: id }, search: { community: community.id } })
        }
        empty={
          show ? (
            <NothingMatches onClear={() => { change({}); }} />
          ) : (
            <div className="ht-card">
              <NothingYet title={t("group.none")} body={t("group.noneBody")} guide="communities" action={create ? <Button type="primary" onClick={create}>{t("group.create")}</Button> : undefined} />
            </div>
          )
        }
        pages={{ kind: "more", hasMore: list.hasNextPage, loadingMore: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }}
      />
      {creating ? <CreateGroup community={community} onClose={() => { setCreating(false); }} /> : null}
    </>
  );
}
