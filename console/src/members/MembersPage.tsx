/** The list of members. */
import { DownloadOutlined, PlusOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ButtonLink } from "../app/ButtonLink";
import { useCommunity } from "../app/CommunitySwitcher";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { filtersInUse } from "../kit/filters/schema";
import { PageHeader } from "../kit/PageHeader";
import { DataTable } from "../kit/table/DataTable";
import { BatchActions } from "../tags/BatchActions";
import { useTagsOf } from "../tags/queries";
import { CreateMember } from "./CreateMember";
import { useMemberColumns } from "./columns";
import { exportAddress, memberQuery, parseMembersSearch, sortShown, type MembersSearch, type SortName } from "./filters";
import { MemberDrawer } from "./MemberDrawer";
import { MemberFilterBar } from "./MemberFilterBar";
import { MembersNav } from "./MembersNav";
import { MergeDialog } from "./MergeDialog";
import "./members.css";

const PAGE_SIZE = 50;
const COUNT_MAX = 10_000;

export function MembersPage() {
  const { t } = useTranslation(["members", "common"]);
  const navigate = useNavigate({ from: "/members" });
  const path = useWorkspacePath();
  const { workspace } = useSession();
  // Read once more: the frame around the page lets any text through as the community.
  const search = parseMembersSearch(useSearch({ from: "/_in/members" }));
  const community = useCommunity();
  const zone = community?.time_zone ?? workspace.time_zone;
  const mayChange = useMay("members.change");
  const mayExport = useMay("members.export");
  const mayMerge = useMay("members.merge");
  const mayImport = useMay("imports.run");
  const [creating, setCreating] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const [allChosen, setAllChosen] = useState(false);
  const [merging, setMerging] = useState(false);
  const mayEdit = useMay("members.edit_many");
  const query = memberQuery(search, zone);
  const list = $api.useInfiniteQuery(
    "get",
    "/api/workspaces/{workspace_id}/members",
    { params: { path, query: { ...query, limit: PAGE_SIZE } } },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor, placeholderData: (previous) => previous },
  );
  const pages = list.data?.pages;
  const rows = pages?.flatMap(({ items }) => items);
  const first = pages?.[0];
  const count = first?.count ?? null;
  const columns = useMemberColumns(zone, useTagsOf(rows?.map(({ id }) => id) ?? []));
  const { sort, peek, ...filters } = search;
  const filtered = filtersInUse(filters) > 0;

  const choose = (ids: string[]) => {
    setChosen(ids);
    setAllChosen(false);
  };
  const show = (next: MembersSearch) => {
    void navigate({ search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...next }), replace: true });
  };
  const open = (id: string | undefined) => {
    void navigate({ search: (previous) => ({ ...previous, peek: id }), replace: true });
  };
  const countText =
    count === null ? null : first?.count_is_exact === false ? t("list.countMore", { shown: formatCount(COUNT_MAX) }) : t("list.count", { count, shown: formatCount(count) });

  return (
    <div className="ht-page">
      <PageHeader
        title={t("title")}
        actions={
          <>
            {mayExport && rows && rows.length > 0 ? (
              <Tooltip title={t("list.exportHint")}>
                <Button href={exportAddress(path.workspace_id, query)} download icon={<DownloadOutlined aria-hidden />}>
                  {t("list.export")}
                </Button>
              </Tooltip>
            ) : null}
            {mayImport ? <ButtonLink to="/communities/import" search={{ kind: "members" }}>{t("list.import")}</ButtonLink> : null}
            {mayChange ? (
              <Button
                type="primary"
                icon={<PlusOutlined aria-hidden />}
                onClick={() => {
                  setCreating(true);
                }}
              >
                {t("create.action")}
              </Button>
            ) : null}
          </>
        }
      />
      <MembersNav />
      <MemberFilterBar
        values={filters}
        onChange={(values) => {
          choose([]);
          show({ ...values, ...(sort ? { sort } : {}) });
        }}
      />
      <div aria-busy={list.isPlaceholderData} className={list.isPlaceholderData ? "ht-stale" : undefined}>
        <DataTable
          id="members"
          label={t("title")}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          counted={countText}
          error={list.isPending || list.isLoadingError ? list.error : null}
          onRetry={() => void list.refetch()}
          empty={
            filtered ? (
              <NothingMatches
                onClear={() => {
                  show({});
                }}
              />
            ) : (
              <NothingYet
                title={t("empty.title")}
                body={t("empty.body")}
                guide="members"
                action={
                  mayImport ? (
                    <ButtonLink to="/communities/import" type="primary">
                      {t("empty.action")}
                    </ButtonLink>
                  ) : undefined
                }
              />
            )
          }
          sort={sortShown(sort)}
          onSort={(next) => {
            const name = next && next.key !== "last_active" ? (next.key as SortName) : undefined;
            show({ ...filters, ...(name ? { sort: name } : {}) });
          }}
          onOpen={({ id }) => {
            open(id);
          }}
          {...(mayMerge || mayEdit
            ? {
                selection: {
                  keys: chosen,
                  onChange: choose,
                  ...(allChosen ? { label: t("list.allChosen", { found: countText }) } : {}),
                  actions: (
                    <>
                      <BatchActions
                        chosen={chosen}
                        everybody={{ count, isExact: first?.count_is_exact === true, isChosen: allChosen, onChoose: setAllChosen }}
                        filter={query}
                        onDone={() => {
                          choose([]);
                        }}
                      />
                      {mayMerge && !allChosen ? (
                        <Button
                          size="small"
                          disabled={chosen.length !== 2}
                          onClick={() => {
                            setMerging(true);
                          }}
                        >
                          {t(chosen.length === 2 ? "merge.theseTwo" : "merge.chooseTwo")}
                        </Button>
                      ) : null}
                    </>
                  ),
                },
              }
            : {})}
          pages={{ kind: "more", hasMore: list.hasNextPage, loadingMore: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }}
        />
      </div>
      <MemberDrawer
        id={peek}
        onClose={() => {
          open(undefined);
        }}
      />
      {creating ? (
        <CreateMember
          onClose={() => {
            setCreating(false);
          }}
        />
      ) : null}
      {merging && chosen.length === 2 ? (
        <MergeDialog
          keptId={chosen[0] ?? ""}
          otherId={chosen[1]}
          onClose={() => {
            setMerging(false);
          }}
        />
      ) : null}
    </div>
  );
}
