/** What could not be read: how often each reason, the first places, and all of them as a file. */
import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatCount, NO_VALUE } from "../format/numbers";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import type { components } from "../api/schema.gen";
import { NothingYet } from "../kit/EmptyState";
import type { ImportDetail } from "./queries";

type Reject = components["schemas"]["RejectOut"];
const PAGE_SIZE = 20;

export function rejectColumns(t: { file: string; line: string; reason: string; excerpt: string }, manyFiles: boolean): DataColumn<Reject>[] {
  return [
    ...(manyFiles ? [{ key: "file", title: t.file, width: 160, render: (row: Reject) => <SafeText text={row.file} clip /> }] : []),
    { key: "line", title: t.line, width: 90, align: "right", fixed: true, render: ({ line }) => (line === 0 ? NO_VALUE : formatCount(line)) },
    { key: "reason", title: t.reason, width: 320, fixed: true, render: ({ message }) => <SafeText text={message} /> },
    {
      key: "excerpt",
      title: t.excerpt,
      width: 320,
      render: ({ excerpt }) =>
        excerpt ? (
          <code className="ht-import-excerpt">
            <SafeText text={excerpt} />
          </code>
        ) : (
          NO_VALUE
        ),
    },
  ];
}

interface RejectsProps {
  batch: ImportDetail;
  count: number;
  /** Of a list, where it is said in other words. */
  title?: string;
  reasons?: components["schemas"]["ReasonOut"][];
}

export function Rejects({ batch, count, title, reasons = batch.checked?.reasons ?? [] }: RejectsProps) {
  const { t } = useTranslation(["imports", "common"]);
  const path = useWorkspacePath();
  const list = $api.useInfiniteQuery(
    "get",
    "/api/workspaces/{workspace_id}/imports/{import_id}/rejects",
    { params: { path: { ...path, import_id: batch.id }, query: { limit: PAGE_SIZE } } },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor },
  );
  const heading = title ?? t("reject.title", { count, shown: formatCount(count) });
  const titles = { file: t("reject.file"), line: t("reject.line"), reason: t("reject.reason"), excerpt: t("reject.excerpt") };
  return (
    <section className="ht-card ht-import-rejects" aria-labelledby="import-rejects">
      <header>
        <h2 id="import-rejects">{heading}</h2>
        <Button href={`/api/workspaces/${path.workspace_id}/imports/${batch.id}/rejects.csv`} download icon={<DownloadOutlined aria-hidden />}>
          {t("reject.csv")}
        </Button>
      </header>
      {reasons.length > 1 ? (
        <ul className="ht-import-reasons">
          {reasons.map((reason) => (
            <li key={reason.code}>
              <span>
                <SafeText text={reason.message} />
              </span>
              <span className="ht-number">{formatCount(reason.count)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <DataTable
        id="import-rejects"
        label={heading}
        columns={rejectColumns(titles, batch.file_count > 1)}
        rows={list.data?.pages.flatMap(({ items }) => items)}
        rowKey={(row) => `${row.file} ${row.line} ${row.code} ${row.message} ${row.excerpt}`}
        total={count}
        error={list.data ? null : list.error}
        onRetry={() => void list.refetch()}
        empty={<NothingYet title={t("reject.none")} body={t("reject.noneBody")} guide="import" />}
        pages={{ kind: "more", hasMore: list.hasNextPage, loadingMore: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }}
        skeletonRows={3}
      />
    </section>
  );
}
