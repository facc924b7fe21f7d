/** A chart that answers the question in its title: picture or table, CSV, PNG, and the members behind each point. */
import { BarChartOutlined, DownloadOutlined, TableOutlined } from "@ant-design/icons";
import { App, Button, Dropdown, Segmented, Skeleton } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useColorMode } from "../../design/colorMode";
import { usePhone } from "../../design/useMedia";
import { useLanguage } from "../../i18n/useLanguage";
import { Definition, type DefinitionText } from "../Definition";
import { ErrorState } from "../ErrorState";
import { ChartTable } from "./ChartTable";
import { chartCsv } from "./csv";
import { download, fileName } from "./download";
import { Drawing } from "./Drawing";
import type { Look } from "./options";
import { chartPng } from "./png";
import { chartTable, formatValue, hourText, isEmptyChart, xText, type ChartPoint, type ChartSpec } from "./spec";

interface ChartCardProps {
  /** A question: "谁留下来了？" */
  title: string;
  /** Over what: "读书会 · 最近 30 天". Stands below the title and in the PNG. */
  scope: string;
  definition?: DefinitionText;
  chart: ChartSpec | undefined;
  error?: unknown;
  onRetry?: () => void;
  /** The chart's own silence, such as <NothingMatches/>. */
  empty: ReactNode;
  onDrill?: (point: ChartPoint) => void;
  height?: number;
}

const HEIGHT = 280;

function useSummary(title: string, chart: ChartSpec | undefined): string {
  const { t } = useTranslation(["kit", "common"]);
  const language = useLanguage();
  if (!chart || isEmptyChart(chart)) return t("chart.summaryEmpty", { title });
  if (chart.kind === "retention" || chart.kind === "flow") return title;
  if (chart.kind === "heat") {
    let peak = { weekday: 0, hour: 0, value: -Infinity };
    chart.values.forEach((row, weekday) => {
      row.forEach((value, hour) => {
        if (value !== null && value > peak.value) peak = { weekday, hour, value };
      });
    });
    return t("chart.summaryHeat", {
      title,
      peak: `${chart.weekdays[peak.weekday] ?? ""} ${hourText(peak.hour)}`,
      value: formatValue(peak.value, chart.unit),
    });
  }
  return t("chart.summary", {
    title,
    series: chart.series.length,
    points: chart.x.values.length,
    from: xText(chart, chart.x.values[0] ?? "", language),
    to: xText(chart, chart.x.values.at(-1) ?? "", language),
  });
}

export function ChartCard(props: ChartCardProps) {
  const { title, scope, definition, chart, error, onRetry, empty, onDrill, height = HEIGHT } = props;
  const { t } = useTranslation(["kit", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const { mode } = useColorMode();
  const narrow = usePhone();
  const [view, setView] = useState<"chart" | "table">("chart");
  const [failed, setFailed] = useState(false);
  const summary = useSummary(title, chart);
  const look = useMemo<Look>(() => ({ mode, language, summary, narrow }), [mode, language, summary, narrow]);
  const table = useMemo(
    () =>
      chart
        ? chartTable(chart, { weekday: t("chart.weekday"), cohort: t("chart.cohort"), size: t("chart.size"), notYet: "" }, language)
        : null,
    [chart, language, t],
  );
  const shown = !error && chart !== undefined && !isEmptyChart(chart) ? chart : null;
  const triangle = shown?.kind === "retention";
  const asTable = triangle || failed || view === "table";

  async function savePicture() {
    if (!shown) return;
    try {
      download(await chartPng(shown, title, scope, look), fileName(title, "png"));
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      void message.error(t("chart.failed"));
    }
  }

  function body() {
    if (error) return <ErrorState error={error} onRetry={onRetry} compact />;
    if (chart === undefined) {
      return (
        <div style={{ height }} role="status" aria-label={t("common:loading")} className="ht-drawing-skeleton">
          <Skeleton.Node active />
        </div>
      );
    }
    if (!shown || !table) return <div className="ht-chart-empty" style={{ minHeight: height }}>{empty}</div>;
    if (asTable) {
      return <ChartTable title={title} table={table} shaded={triangle} mode={mode} height={height} fixed={triangle} onDrill={onDrill} />;
    }
    return (
      <Drawing
        chart={shown}
        look={look}
        height={height}
        onDrill={onDrill}
        onFailed={() => {
          setFailed(true);
        }}
      />
    );
  }

  return (
    <section className="ht-card ht-chart" aria-label={title}>
      <header>
        <div className="ht-chart-title">
          <h2>
            {title}
            {definition ? <Definition label={t("chart.definition", { title })} definition={definition} /> : null}
          </h2>
          <p className="ht-secondary">{scope}</p>
        </div>
        {shown && table ? (
          <div className="ht-chart-tools">
            {triangle ? null : (
              <Segmented
                size="small"
                aria-label={t("chart.view")}
                value={asTable ? "table" : "chart"}
                disabled={failed}
                onChange={setView}
                options={[
                  { value: "chart", icon: <BarChartOutlined aria-hidden />, title: t("chart.asChart"), label: <span className="ht-visually-hidden">{t("chart.asChart")}</span> },
                  { value: "table", icon: <TableOutlined aria-hidden />, title: t("chart.asTable"), label: <span className="ht-visually-hidden">{t("chart.asTable")}</span> },
                ]}
              />
            )}
            <Dropdown
              trigger={["click"]}
              menu={{
                items: [
                  { key: "csv", label: t("chart.csv") },
                  { key: "png", label: t("chart.png") },
                ],
                onClick({ key }) {
                  if (key === "png") void savePicture();
                  else download(new Blob([chartCsv(table)], { type: "text/csv;charset=utf-8" }), fileName(title, "csv"));
                },
              }}
            >
              <Button size="small" type="text" icon={<DownloadOutlined />} aria-label={`${t("chart.more")}: ${title}`} />
            </Dropdown>
          </div>
        ) : null}
      </header>
      {failed ? <p className="ht-secondary">{t("chart.failed")}</p> : null}
      {body()}
    </section>
  );
}
