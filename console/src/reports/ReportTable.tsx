/** A list behind the numbers: a table that grows, and the whole of it as a file. */
import { DownloadOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { csvText } from "../kit/charts/csv";
import { download, fileName } from "../kit/charts/download";
import { DataTable, type DataColumn, type Sort } from "../kit/table/DataTable";
import type { ReportList } from "./queries";

export interface ReportColumn<Row> extends DataColumn<Row> {
  /** The cell of the file. */
  raw: (row: Row) => string | number | null;
}

interface ReportTableProps<Row> {
  id: string;
  label: string;
  list: ReportList<Row>;
  columns: readonly ReportColumn<Row>[];
  rowKey: (row: Row) => string;
  empty: ReactNode;
  skeletonRows?: number;
  sort?: Sort | undefined;
  onSort?: (sort: Sort | undefined) => void;
}

const FILE_ROWS_MAX = 10_000;

export function ReportTable<Row extends object>({ id, label, list, columns, rowKey, empty, skeletonRows, sort, onSort }: ReportTableProps<Row>) {
  const { t } = useTranslation(["kit", "common"]);
  const { message } = App.useApp();
  const [saving, setSaving] = useState(false);

  async function save() {
    setSaving(true);
    try {
      const rows = await list.loadAll(FILE_ROWS_MAX);
      const text = csvText([columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ raw }) => raw(row)))]);
      download(new Blob([text], { type: "text/csv;charset=utf-8" }), fileName(label, "csv"));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      void message.error(t("table.fileFailed"));
    } finally {
      setSaving(false);
    }
  }

  return (
    <div className="ht-report-table">
      <DataTable<Row>
        id={id}
        label={label}
        columns={columns}
        rows={list.rows}
        rowKey={rowKey}
        total={list.total}
        error={list.error}
        onRetry={list.retry}
        empty={empty}
        pages={list.pages}
        {...(onSort ? { sort, onSort } : {})}
        {...(skeletonRows === undefined ? {} : { skeletonRows })}
      />
      {list.rows && list.rows.length > 0 ? (
        <Button type="text" icon={<DownloadOutlined aria-hidden />} loading={saving} onClick={() => void save()} className="ht-report-csv">
          {t("chart.csv")}
        </Button>
      ) : null}
    </div>
  );
}
