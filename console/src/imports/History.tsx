/** Every import so far, newest first; those at work are followed. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useSession, useWorkspacePath } from "../app/session";
import { formatBytes, formatCount, NO_VALUE } from "../format/numbers";
import { NothingYet } from "../kit/EmptyState";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { IMPORTS, isWorking, LIST_POLL_MILLISECONDS, type Import } from "./queries";
import { StateTag } from "./StateTag";

const PAGE_SIZE = 20;

function Files({ batch }: { batch: Import }) {
  const { t } = useTranslation(["imports", "common"]);
  return (
    <>
      <SafeText text={batch.files[0]?.name} clip />
      {batch.file_count > 1 ? <span className="ht-secondary"> {t("history.moreFiles", { count: batch.file_count - 1 })}</span> : null}
    </>
  );
}

function Where({ batch }: { batch: Import }) {
  const { t } = useTranslation(["imports", "common"]);
  const [first] = batch.groups;
  const groups = batch.group ?? first;
  if (!batch.community) return NO_VALUE;
  return (
    <span className="ht-pair">
      <SafeText text={batch.community.name} clip />
      {groups ? (
        <span className="ht-secondary">
          <SafeText text={groups.name} clip />
          {batch.groups.length > 1 ? ` ${t("history.moreGroups", { count: batch.groups.length - 1 })}` : null}
        </span>
      ) : null}
    </span>
  );
}

export function History() {
  const { t } = useTranslation(["imports", "common"]);
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const { workspace } = useSession();
  const list = $api.useInfiniteQuery(
    "get",
    IMPORTS,
    { params: { path, query: { limit: PAGE_SIZE } } },
    {
      initialPageParam: null,
      getNextPageParam: (page) => page.next_cursor,
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some((one) => isWorking(one.state))) ? LIST_POLL_MILLISECONDS : false),
    },
  );
  const columns: DataColumn<Import>[] = [
    {
      key: "file",
      title: t("history.file"),
      width: 240,
      fixed: true,
      render: (batch) => (
        <Link to="/communities/import/$importId" params={{ importId: batch.id }}>
          <Files batch={batch} />
        </Link>
      ),
    },
    { key: "state", title: t("history.state"), width: 140, render: (batch) => <StateTag batch={batch} /> },
    { key: "added", title: t("history.added"), width: 100, align: "right", render: ({ progress, state }) => formatCount(state === "done" ? progress?.added : null) },
    { key: "where", title: t("history.where"), width: 200, render: (batch) => <Where batch={batch} /> },
    { key: "format", title: t("history.format"), width: 180, render: ({ title }) => title },
    { key: "bytes", title: t("history.size"), width: 100, align: "right", render: ({ bytes }) => formatBytes(bytes) },
    {
      key: "by",
      title: t("history.by"),
      width: 220,
      render: ({ created_by_name, created_at }) => (
        <span className="ht-pair">
          <RelativeTime at={created_at} zone={workspace.time_zone} />
          <span className="ht-secondary">
            <SafeText text={created_by_name} clip />
          </span>
        </span>
      ),
    },
  ];
  return (
    <section aria-labelledby="import-history">
      <h2 id="import-history" className="ht-import-heading">
        {t("history.title")}
      </h2>
      <DataTable
        id="imports"
        label={t("history.title")}
        columns={columns}
        rows={list.data?.pages.flatMap(({ items }) => items)}
        rowKey={({ id }) => id}
        error={list.data ? null : list.error}
        onRetry={() => void list.refetch()}
        empty={<NothingYet title={t("history.emptyTitle")} body={t("history.emptyBody")} guide="import" />}
        onOpen={({ id }) => {
          void navigate({ to: "/communities/import/$importId", params: { importId: id } });
        }}
        pages={{ kind: "more", hasMore: list.hasNextPage, loadingMore: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }}
        skeletonRows={4}
      />
    </section>
  );
}
