/** The list of every page: remembered columns, cursor pages, rows by keyboard, a scrolling region with a name. */
import { Button, Skeleton, Table, type TableProps } from "antd";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatCount } from "../../format/numbers";
import { ErrorState } from "../ErrorState";
import { ColumnChooser } from "./ColumnChooser";
import { useColumns } from "./columns";

export interface DataColumn<Row> {
  key: string;
  title: string;
  render: (row: Row) => ReactNode;
  width?: number;
  /** Numbers stand at the right, in tabular figures. */
  align?: "right";
  fixed?: boolean;
  hidden?: boolean;
  /** Whether the API can sort by it, or the only direction in which it can. */
  sortable?: boolean | "ascend" | "descend";
}

export interface Sort {
  key: string;
  descending: boolean;
}

/** A cursor list: either pages that replace each other, or one that grows. */
export type Pages =
  | { kind: "more"; hasMore: boolean; loadingMore: boolean; onMore: () => void }
  | { kind: "pages"; onPrevious: (() => void) | null; onNext: (() => void) | null };

interface DataTableProps<Row> {
  /** Under which the columns are remembered. */
  id: string;
  label: string;
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  total?: number | null;
  /** The count in the page's own words, where a number alone would not be true: "more than 10,000 members". */
  counted?: string | null;
  error?: unknown;
  onRetry?: () => void;
  empty: ReactNode;
  pages?: Pages;
  sort?: Sort | undefined;
  onSort?: (sort: Sort | undefined) => void;
  onOpen?: (row: Row) => void;
  /** `label`: in place of how many rows are chosen, where more is meant than the rows shown. */
  selection?: { keys: readonly string[]; onChange: (keys: string[]) => void; actions: ReactNode; label?: string };
  skeletonRows?: number;
}

const COLUMN_WIDTH = 140;
const SELECTION_WIDTH = 48;

/** antd renders the scrolling element; it must be reachable and named when there is something to scroll. */
function useScrollRegion(label: string, rendered: unknown) {
  const frame = useRef<HTMLDivElement>(null);
  const { t } = useTranslation(["kit", "common"]);
  const name = t("table.scrollHint", { label });
  useEffect(() => {
    // antd repeats the header in a hidden row to measure it, checkboxes included: nothing may be focused there.
    frame.current?.querySelector(".ant-table-measure-row")?.setAttribute("inert", "");
    const region = frame.current?.querySelector<HTMLElement>(".ant-table-content");
    if (!region) return;
    const update = () => {
      if (region.scrollWidth > region.clientWidth) {
        region.tabIndex = 0;
        region.setAttribute("role", "region");
        region.setAttribute("aria-label", name);
      } else for (const attribute of ["tabindex", "role", "aria-label"]) region.removeAttribute(attribute);
    };
    update();
    const observer = new ResizeObserver(update);
    observer.observe(region);
    return () => {
      observer.disconnect();
    };
  }, [name, rendered]);
  return frame;
}

function moveFocus(event: KeyboardEvent<HTMLElement>, step: 1 | -1) {
  let row = event.currentTarget as Element | null;
  do row = step === 1 ? (row?.nextElementSibling ?? null) : (row?.previousElementSibling ?? null);
  while (row && !row.hasAttribute("data-row-key"));
  if (row instanceof HTMLElement) {
    event.preventDefault();
    row.focus();
  }
}

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { id, label, columns, rows, rowKey, total, counted, error, onRetry, empty, pages, sort, onSort, onOpen, selection } = props;
  const { t } = useTranslation(["kit", "common"]);
  const chooser = useColumns(id, columns);
  const frame = useScrollRegion(label, rows);

  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (rows === undefined) {
    return (
      <div className="ht-table-skeleton" role="status" aria-label={t("common:loading")}>
        {Array.from({ length: props.skeletonRows ?? 10 }, (_, index) => (
          <Skeleton.Node key={index} active />
        ))}
      </div>
    );
  }
  if (rows.length === 0) return <>{empty}</>;

  const widths = chooser.shown.reduce((sum, column) => sum + (column.width ?? COLUMN_WIDTH), selection ? SELECTION_WIDTH : 0);
  const tableColumns: TableProps<Row>["columns"] = chooser.shown.map((column) => ({
    key: column.key,
    title: column.title,
    width: column.width ?? COLUMN_WIDTH,
    align: column.align ?? "left",
    className: column.align === "right" ? "ht-number" : "",
    render: (_: unknown, row: Row) => column.render(row),
    ...(column.sortable && onSort
      ? {
          sorter: true,
          ...(column.sortable === true ? {} : { sortDirections: [column.sortable] }),
          showSorterTooltip: false,
          sortOrder: sort?.key === column.key ? (sort.descending ? ("descend" as const) : ("ascend" as const)) : null,
        }
      : {}),
  }));

  return (
    <div className="ht-table" ref={frame}>
      <div className="ht-table-head">
        {selection && selection.keys.length > 0 ? (
          <div className="ht-batch" role="toolbar" aria-label={t("table.selected", { count: selection.keys.length })}>
            <strong>{selection.label ?? t("table.selected", { count: selection.keys.length })}</strong>
            {selection.actions}
            <Button
              type="link"
              onClick={() => {
                selection.onChange([]);
              }}
            >
              {t("table.clearSelection")}
            </Button>
          </div>
        ) : (
          <span className="ht-secondary" role="status">
            {counted ?? (total == null
              ? t("table.shown", { count: rows.length })
              : t("table.total", { count: total, shown: formatCount(total) }))}
          </span>
        )}
        <ColumnChooser columns={columns} chooser={chooser} />
      </div>
      <Table<Row>
        size="middle"
        tableLayout="fixed"
        aria-label={label}
        columns={tableColumns}
        dataSource={rows}
        rowKey={rowKey}
        pagination={false}
        scroll={{ x: widths }}
        onRow={(row) =>
          onOpen
            ? {
                tabIndex: 0,
                className: "ht-row-opens",
                onClick(event) {
                  // A link, button or checkbox in the row does its own work.
                  if (event.target instanceof Element && event.target.closest("a,button,input,label,.ant-table-selection-column")) return;
                  if (window.getSelection()?.toString()) return;
                  onOpen(row);
                },
                onKeyDown(event: KeyboardEvent<HTMLElement>) {
                  if (event.target !== event.currentTarget) return;
                  if (event.key === "Enter") onOpen(row);
                  else if (event.key === "ArrowDown") moveFocus(event, 1);
                  else if (event.key === "ArrowUp") moveFocus(event, -1);
                },
              }
            : {}
        }
        {...(selection
          ? {
              rowSelection: {
                selectedRowKeys: [...selection.keys],
                onChange: (keys) => {
                  selection.onChange(keys.map(String));
                },
                columnWidth: SELECTION_WIDTH,
              },
            }
          : {})}
        onChange={(_pagination, _filters, sorter) => {
          if (!onSort || Array.isArray(sorter)) return;
          onSort(
            sorter.order ? { key: String(sorter.columnKey), descending: sorter.order === "descend" } : undefined,
          );
        }}
      />
      {pages?.kind === "more" && pages.hasMore ? (
        <div className="ht-table-foot">
          <Button onClick={pages.onMore} loading={pages.loadingMore}>
            {t("table.loadMore")}
          </Button>
        </div>
      ) : null}
      {pages?.kind === "pages" && (pages.onPrevious ?? pages.onNext) ? (
        <nav className="ht-table-foot" aria-label={label}>
          <Button disabled={!pages.onPrevious} onClick={pages.onPrevious ?? undefined}>
            {t("table.previous")}
          </Button>
          <Button disabled={!pages.onNext} onClick={pages.onNext ?? undefined}>
            {t("table.next")}
          </Button>
        </nav>
      ) : null}
    </div>
  );
}
