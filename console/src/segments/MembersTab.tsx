/** Who is in a segment now: the list of members narrowed to it; of a static one, members are added and taken out here. */
import { PlusOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ButtonLink } from "../app/ButtonLink";
import { useMay, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { FilterBar } from "../kit/filters/FilterBar";
import { text, type FilterValues } from "../kit/filters/schema";
import { DataTable, type Sort } from "../kit/table/DataTable";
import { useMemberColumns } from "../members/columns";
import { MemberDrawer } from "../members/MemberDrawer";
import { MEMBERS } from "../members/queries";
import { useTagsOf } from "../tags/queries";
import { AddMembers } from "./AddMembers";
import { useTakeOut, type Segment } from "./queries";

const PAGE_SIZE = 50;
const filters = { q: text(100) };
const ORDERS = { name: "name", messages: "-messages", joined: "-joined", last_active: "-last_active" } as const;
type Order = keyof typeof ORDERS;

export function MembersTab({ segment, zone }: { segment: Segment; zone: string }) {
  const { t } = useTranslation(["segments", "members", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const mayManage = useMay("segments.manage") && segment.kind === "static";
  const [values, setValues] = useState<FilterValues<typeof filters>>({});
  const [sort, setSort] = useState<Order>("last_active");
  const [chosen, setChosen] = useState<string[]>([]);
  const [adding, setAdding] = useState(false);
  const [peek, setPeek] = useState<string>();
  const remove = useTakeOut();
  const among = [`segment:${segment.id}`];
  const list = $api.useInfiniteQuery(
    "get",
    MEMBERS,
    { params: { path, query: { among, sort: ORDERS[sort], limit: PAGE_SIZE, ...(values.q ? { q: values.q } : {}) } } },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor, placeholderData: (previous) => previous },
  );
  const first = list.data?.pages[0];
  const count = first?.count ?? null;
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const columns = useMemberColumns(zone, useTagsOf(rows?.map(({ id }) => id) ?? []));
  async function takeOut() {
    try {
      const { members } = await remove.mutateAsync({ params: { path: { ...path, segment_id: segment.id } }, body: { member_ids: chosen } });
      void message.success(t("static.removed", { count: members, shown: formatCount(members) }));
      setChosen([]);
    } catch {
      void message.error(t("actions.failed"));
    }
  }
  return (
    <>
      <FilterBar filters={filters} values={values} onChange={setValues} fields={{ q: { label: t("members:filter.q") } }}>
        {mayManage ? (
          <Button icon={<PlusOutlined aria-hidden />} onClick={() => { setAdding(true); }}>{t("static.add")}</Button>
        ) : (
          <ButtonLink to="/members" search={{ among }}>{t("page.inList")}</ButtonLink>
        )}
      </FilterBar>
      <div aria-busy={list.isPlaceholderData} className={list.isPlaceholderData ? "ht-stale" : undefined}>
        <DataTable
          id="segment-members"
          label={t("tabs.members")}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          counted={count === null ? null : t("members:list.count", { count, shown: formatCount(count) })}
          error={list.isPending || list.isLoadingError ? list.error : null}
          onRetry={() => void list.refetch()}
          empty={
            values.q ? (
              <NothingMatches onClear={() => { setValues({}); }} />
            ) : (
              <NothingYet title={t(segment.kind === "static" ? "static.emptyTitle" : "page.nobody")} body={t(segment.kind === "static" ? "static.emptyBody" : "page.nobodyBody")} guide="segments" />
            )
          }
          sort={{ key: sort, descending: sort !== "name" } satisfies Sort}
          onSort={(next) => { setSort(next && next.key in ORDERS ? (next.key as Order) : "last_active"); }}
          onOpen={({ id }) => { setPeek(id); }}
          {...(mayManage
            ? { selection: { keys: chosen, onChange: setChosen, actions: <Button size="small" danger loading={remove.isPending} onClick={() => void takeOut()}>{t("static.remove")}</Button> } }
            : {})}
          pages={{ kind: "more", hasMore: list.hasNextPage, loadingMore: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }}
        />
      </div>
      <MemberDrawer id={peek} onClose={() => { setPeek(undefined); }} />
      {adding ? <AddMembers segment={segment} onClose={() => { setAdding(false); }} /> : null}
    </>
  );
}
