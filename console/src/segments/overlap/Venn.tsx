/** Two or three segments as circles to scale, with the members of every part; as a table and as files too. */
import { DownloadOutlined, PieChartOutlined, TableOutlined } from "@ant-design/icons";
import { App, Button, Dropdown, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useColorMode } from "../../design/colorMode";
import { formatCount, formatPercent } from "../../format/numbers";
import { chartCsv } from "../../kit/charts/csv";
import { download, fileName } from "../../kit/charts/download";
import { ChartTable } from "../../kit/charts/ChartTable";
import type { ChartTable as Figures } from "../../kit/charts/spec";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import type { Overlap } from "../queries";
import { overlapPng } from "./drawing";
import { labelPoint, layout, type Layout } from "./venn";

const BOX = { width: 560, height: 320, margin: 12 };
const ROOM_MIN = 9;

interface Part {
  key: string;
  name: string;
  members: number;
  inside: boolean[];
}

/** The parts from the most shared to the least. */
function partsOf({ segments, regions }: Overlap, only: (name: string) => string, and: string): Part[] {
  return regions
    .map(({ ids, members }) => {
      const inside = segments.map(({ id }) => ids.includes(id));
      const names = segments.filter((_, index) => inside[index]).map(({ name }) => plainText(name));
      return { key: ids.join(" "), name: names.length === 1 ? only(names[0] ?? "") : names.join(and), members, inside };
    })
    .toSorted((one, other) => other.inside.filter(Boolean).length - one.inside.filter(Boolean).length);
}

function Picture({ overlap, drawn, parts, summary }: { overlap: Overlap; drawn: Layout; parts: readonly Part[]; summary: string }) {
  return (
    <svg className="ht-venn" viewBox={`0 0 ${BOX.width} ${BOX.height}`} role="img" aria-label={summary}>
      {drawn.circles.map(({ x, y, r }, index) => (
        <circle key={overlap.segments[index]?.id} className={`ht-venn-set ht-venn-${index + 1}`} cx={x} cy={y} r={r} />
      ))}
      {parts.map(({ key, members, inside }) => {
        const at = members === 0 ? null : labelPoint(drawn, inside);
        return at && at.room >= ROOM_MIN ? (
          <text key={key} x={at.x} y={at.y} textAnchor="middle" dominantBaseline="central">
            {formatCount(members)}
          </text>
        ) : null;
      })}
    </svg>
  );
}

export function Venn({ overlap, scope }: { overlap: Overlap; scope: string }) {
  const { t } = useTranslation(["segments", "kit", "common"]);
  const { message } = App.useApp();
  const { mode } = useColorMode();
  const [view, setView] = useState<"chart" | "table">("chart");
  const { segments, regions } = overlap;
  const drawn = useMemo(() => {
    const shared = (one: number, other: number) => {
      const [a, b] = [segments[one]?.id ?? "", segments[other]?.id ?? ""];
      return regions.filter(({ ids }) => ids.includes(a) && ids.includes(b)).reduce((sum, { members }) => sum + members, 0);
    };
    return layout(segments.map(({ members }) => Math.max(members, 1)), shared, BOX);
  }, [segments, regions]);
  const parts = partsOf(overlap, (name) => t("overlap.only", { name }), t("overlap.and"));
  const all = regions.reduce((sum, { members }) => sum + members, 0);
  const title = t("overlap.question");
  const table: Figures = {
    header: [t("overlap.part"), t("list.members"), t("overlap.ofAll")],
    rows: parts.map(({ key, name, members }) => ({
      key,
      name,
      rawName: name,
      cells: [
        { text: formatCount(members), raw: members, point: null },
        { text: formatPercent(all === 0 ? null : members / all), raw: all === 0 ? null : members / all, point: null },
      ],
    })),
  };
  const summary = `${title} ${parts.map(({ name, members }) => `${name}: ${formatCount(members)}`).join("; ")}`;
  const legend = segments.map(({ name, members }) => `${plainText(name)} · ${formatCount(members)}`);

  async function savePicture() {
    const figures = parts.flatMap(({ members, inside }) => {
      const at = members === 0 ? null : labelPoint(drawn, inside);
      return at && at.room >= ROOM_MIN ? [{ text: formatCount(members), x: at.x, y: at.y }] : [];
    });
    try {
      download(await overlapPng({ title, scope, names: legend, layout: drawn, figures, mode }), fileName(title, "png"));
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      void message.error(t("kit:chart.failed"));
    }
  }

  return (
    <section className="ht-card ht-chart" aria-label={title}>
      <header>
        <div className="ht-chart-title">
          <h2>{title}</h2>
          <p className="ht-secondary">{scope}</p>
        </div>
        <div className="ht-chart-tools">
          <Segmented<"chart" | "table">
            size="small"
            aria-label={t("kit:chart.view")}
            value={view}
            onChange={setView}
            options={[
              { value: "chart", icon: <PieChartOutlined aria-hidden />, title: t("kit:chart.asChart"), label: <span className="ht-visually-hidden">{t("kit:chart.asChart")}</span> },
              { value: "table", icon: <TableOutlined aria-hidden />, title: t("kit:chart.asTable"), label: <span className="ht-visually-hidden">{t("kit:chart.asTable")}</span> },
            ]}
          />
          <Dropdown
            trigger={["click"]}
            menu={{
              items: [
                { key: "csv", label: t("kit:chart.csv") },
                { key: "png", label: t("kit:chart.png") },
              ],
              onClick({ key }) {
                if (key === "png") void savePicture();
                else download(new Blob([chartCsv(table)], { type: "text/csv;charset=utf-8" }), fileName(title, "csv"));
              },
            }}
          >
            <Button size="small" type="text" icon={<DownloadOutlined />} aria-label={`${t("kit:chart.more")}: ${title}`} />
          </Dropdown>
        </div>
      </header>
      {view === "table" ? (
        <ChartTable title={title} table={table} shaded={false} mode={mode} height={BOX.height} />
      ) : (
        <>
          <Picture overlap={overlap} drawn={drawn} parts={parts} summary={summary} />
          <ul className="ht-venn-legend">
            {segments.map(({ id, name, members }, index) => (
              <li key={id}>
                <i className={`ht-venn-${index + 1}`} aria-hidden /> <SafeText text={name} /> <span className="ht-number ht-secondary">{formatCount(members)}</span>
              </li>
            ))}
          </ul>
          <p className="ht-secondary">{t(segments.length > 2 ? "overlap.scaleThree" : "overlap.scale")}</p>
        </>
      )}
    </section>
  );
}
