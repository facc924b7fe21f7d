/** Every bulk edit: what was changed, for whom, how far it is, and the way back. */
import { Link } from "@tanstack/react-router";
import { App, Button, Progress, Tag } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatDateTime, formatZone } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { NothingYet } from "../kit/EmptyState";
import { PageHeader } from "../kit/PageHeader";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { MembersNav } from "../members/MembersNav";
import { EditCounts, UndoEdit } from "./EditOutcome";
import { EditWhat, EditWhom } from "./editWords";
import { EDITS, isLive, useEditActs, type Edit } from "./queries";
import "../members/members.css";
import "./tags.css";

const PAGE_SIZE = 50;
const POLL_MILLISECONDS = 1_500;
const COLOR: Record<Edit["state"], string> = { running: "processing", undoing: "processing", done: "success", undone: "default", cancelled: "default", failed: "error" };

function State({ edit }: { edit: Edit }) {
  const { t } = useTranslation(["tags", "common"]);
  const [done, total] = edit.state === "undoing" ? [edit.members_restored + edit.members_kept, edit.members_changed] : [edit.members_seen, edit.members_total];
  return (
    <span className="ht-edit-state">
      <Tag variant="filled" color={COLOR[edit.state]}>
        {t(`edit.state.${edit.state}`)}
      </Tag>
      {isLive(edit) ? (
        <Progress size="small" percent={total ? Math.min(99, Math.floor((done / total) * 100)) : 0} aria-label={t("edit.progress")} />
      ) : (
        <span className="ht-secondary"><EditCounts edit={edit} /></span>
      )}
    </span>
  );
}

function CancelEdit({ edit }: { edit: Edit }) {
  const { t } = useTranslation(["tags", "common"]);
  const { message } = App.useApp();
  const acts = useEditActs();
  const may = useMay("members.edit_many");
  if (!may || edit.state !== "running") return null;
  return (
    <Button
      type="link"
      size="small"
      onClick={() => {
        acts.cancel(edit.id).catch((error: unknown) => {
          void message.error(error instanceof ApiProblem ? error.detail : t("edit.notCancelled"));
        });
      }}
    >
      {t("common:cancel")}
    </Button>
  );
}

export function EditsPage() {
  const { t } = useTranslation(["tags", "members", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const zone = workspace.time_zone;
  const list = $api.useInfiniteQuery(
    "get",
    EDITS,
    { params: { path, query: { limit: PAGE_SIZE } } },
    {
      initialPageParam: null,
      getNextPageParam: (page) => page.next_cursor,
      refetchInterval: ({ state: { data } }) => (data?.pages.some(({ items }) => items.some(isLive)) ? POLL_MILLISECONDS : false),
    },
  );
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const columns: DataColumn<Edit>[] = [
    { key: "what", title: t("edit.what"), width: 260, fixed: true, render: (edit) => <EditWhat edit={edit} /> },
    { key: "whom", title: t("edit.forWhom"), width: 150, render: (edit) => <EditWhom edit={edit} /> },
    {
      key: "members",
      title: t("edit.members"),
      width: 100,
      align: "right",
      render: (edit) => (edit.members_total === null ? t("edit.counting") : formatCount(edit.members_total)),
    },
    { key: "state", title: t("edit.result"), width: 240, render: (edit) => <State edit={edit} /> },
    { key: "by", title: t("edit.by"), width: 110, render: (edit) => <SafeText text={edit.by_name} clip /> },
    {
      key: "at",
      title: t("edit.at"),
      width: 180,
      render: (edit) => (
        <time dateTime={edit.created_at} title={formatZone(edit.created_at, zone)} className="ht-time">
          {formatDateTime(edit.created_at, zone, language)}
        </time>
      ),
    },
    {
      key: "actions",
      title: t("edit.actions"),
      width: 90,
      fixed: true,
      render: (edit) => (
        <span className="ht-row-actions">
          <CancelEdit edit={edit} />
          <UndoEdit edit={edit} small />
        </span>
      ),
    },
  ];
  return (
    <div className="ht-page">
      <PageHeader title={t("edit.title")} description={t("edit.about")} />
      <MembersNav />
      <DataTable
        id="member-edits"
        label={t("edit.title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={list.isPending || list.isLoadingError ? list.error : null}
        onRetry={() => void list.refetch()}
        empty={<NothingYet title={t("edit.emptyTitle")} body={t("edit.emptyBody")} guide="tags" action={<Link to="/members">{t("edit.emptyAction")}</Link>} />}
        pages={{ kind: "more", hasMore: list.hasNextPage, loadingMore: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }}
      />
    </div>
  );
}
