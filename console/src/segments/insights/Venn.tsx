/** Two or three segments as circles to scale; each region leads to its members. As a table and as files too. */
import { DownloadOutlined, PieChartOutlined, TableOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, Segmented } from "antd";
import { useMemo, useState, type MouseEvent } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { useColorMode } from "../../design/colorMode";
import { formatCount, formatPercent } from "../../format/numbers";
import { ChartTable } from "../../kit/charts/ChartTable";
import { chartCsv } from "../../kit/charts/csv";
import { download, fileName } from "../../kit/charts/download";
import type { ChartTable as Figures } from "../../kit/charts/spec";
import { plainText } from "../../kit/safeText";
import { SafeText } from "../../kit/SafeText";
import { circlesOf, placeIn, setsAt, type Box } from "./circles";
import type { Overlap } from "./queries";
import { PICTURE_BOX, vennPng, type VennRegion } from "./vennPicture";

const BOX: Box = { width: 560, height: 340, margin: 12 };
const ROOM_MIN = 10; // around a figure; below, it stands in the list only

interface Shown extends VennRegion {
  key: string;
  among: string[];
}

/** Those in all first. */
function regionsOf({ segments, regions }: Overlap, said: (inside: string[], outside: string[]) => string): Shown[] {
  return regions
    .map(({ ids, members }) => {
      const inside = segments.map(({ id }) => ids.includes(id));
      const names = (wanted: boolean) => segments.filter((_, index) => inside[index] === wanted).map(({ name }) => plainText(name));
      const among = segments.map(({ id }, index) => `${inside[index] ? "segment" : "segment_not"}:${id}`);
      return { key: ids.join(" "), name: said(names(true), names(false)), members, inside, among };
    })
    .toReversed();
}

const sizesShared = (regions: readonly Shown[]) => (one: number, other: number) =>
  regions.reduce((sum, { inside, members }) => (inside[one] && inside[other] ? sum + members : sum), 0);

/** The address of a list of members, whichever kinds of groups it knows. */
const listOf = (among: readonly string[]) => ({ to: "/members" as const, search: { among } as never });

export function Venn({ overlap }: { overlap: Overlap }) {
  const { t } = useTranslation(["insights", "kit", "common"]);
  const { message } = App.useApp();
  const { mode } = useColorMode();
  const navigate = useNavigate();
  const maySee = useMay("members.read");
  const [view, setView] = useState<"chart" | "table">("chart");
  const { segments } = overlap;
  const regions = useMemo(
    () => regionsOf(overlap, (inside, outside) => (outside.length === 0 ? t("overlap.all", { names: inside.join(t("overlap.and")) }) : t("overlap.only", { names: inside.join(t("overlap.and")) }))),
    [overlap, t],
  );
  const sizes = segments.map(({ members }) => members);
  const circles = useMemo(() => circlesOf(overlap.segments.map(({ members }) => members), sizesShared(regions), BOX), [overlap, regions]);
  const title = t("overlap.question");
  const scope = segments.map(({ name }) => plainText(name)).join(" · ");
  const note = t(segments.length > 2 ? "overlap.scaleThree" : "overlap.scale");
  const table: Figures = {
    header: [t("overlap.region"), t("overlap.members"), t("overlap.ofAll")],
    rows: regions.map(({ key, name, members }) => ({
      key,
      name,
      rawName: name,
      cells: [
        { text: formatCount(members), raw: members, point: maySee ? { series: "members", x: key, value: members } : null },
        { text: formatPercent(overlap.members === 0 ? null : members / overlap.members), raw: overlap.members === 0 ? null : members / overlap.members, point: null },
      ],
    })),
  };
  const show = (region: Shown | undefined) => {
    if (region && maySee) void navigate(listOf(region.among));
  };
  function clicked(event: MouseEvent<SVGSVGElement>) {
    const matrix = event.currentTarget.getScreenCTM();
    if (!matrix) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const inside = setsAt(circles, at.x, at.y);
    if (inside.some(Boolean)) show(regions.find((region) => region.inside.every((one, index) => one === inside[index])));
  }
  async function savePicture() {
    try {
      const large = circlesOf(sizes, sizesShared(regions), PICTURE_BOX);
      download(await vennPng(large, regions, { title, scope, note }), fileName(`${title} ${scope}`, "png"));
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
          <Segmented
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
                else download(new Blob([chartCsv(table)], { type: "text/csv;charset=utf-8" }), fileName(`${title} ${scope}`, "csv"));
              },
            }}
          >
            <Button size="small" type="text" icon={<DownloadOutlined />} aria-label={`${t("kit:chart.more")}: ${title}`} />
          </Dropdown>
        </div>
      </header>
      {view === "table" ? (
        <ChartTable title={title} table={table} shaded={false} mode={mode} height={420} onDrill={({ x }) => { show(regions.find(({ key }) => key === x)); }} />
      ) : (
        <div className="ht-venn-place">
          {overlap.members === 0 ? (
            <p className="ht-secondary">{t("overlap.nobody")}</p>
          ) : (
            // Each region is a link in the list beside; the picture is a shortcut for a pointer.
            <svg className="ht-venn" data-open={maySee} viewBox={`0 0 ${BOX.width} ${BOX.height}`} role="img" aria-label={t("overlap.summary", { scope })} onClick={clicked}>
              {circles.map(({ x, y, r }, index) => (r > 0 ? <circle key={segments[index]?.id} className={`ht-venn-set ht-venn-${index + 1}`} cx={x} cy={y} r={r} /> : null))}
              {regions.map(({ key, members, inside }) => {
                const place = members > 0 ? placeIn(circles, inside, BOX) : null;
                return place && place.room >= ROOM_MIN ? (
                  <text key={key} x={place.x} y={place.y} textAnchor="middle" dominantBaseline="central">{formatCount(members)}</text>
                ) : null;
              })}
            </svg>
          )}
          <div>
            <ul className="ht-venn-sets">
              {segments.map(({ id, name, members }, index) => (
                <li key={id}>
                  <i className={`ht-venn-${index + 1}`} aria-hidden />
                  <SafeText text={name} /> <strong>{formatCount(members)}</strong>
                </li>
              ))}
            </ul>
            <dl className="ht-venn-regions">
              {regions.map(({ key, name, members, among }) => (
                <div key={key}>
                  <dt><SafeText text={name} /></dt>
                  <dd>{maySee && members > 0 ? <Link {...listOf(among)}>{t("overlap.count", { count: members, shown: formatCount(members) })}</Link> : t("overlap.count", { count: members, shown: formatCount(members) })}</dd>
                </div>
              ))}
            </dl>
          </div>
        </div>
      )}
      <p className="ht-secondary">{note}</p>
    </section>
  );
}
