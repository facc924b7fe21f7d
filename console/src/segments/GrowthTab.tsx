/** How a segment grew: its size day by day, and who came and went. */
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { addDays, formatZone, localDay } from "../format/dates";
import type { ChartSpec } from "../kit/charts/spec";
import { ChartCard } from "../kit/charts/ChartCard";
import { NothingMatches } from "../kit/EmptyState";
import { FilterBar } from "../kit/filters/FilterBar";
import { days as daysFilter, readRange, type DayRange } from "../kit/filters/schema";
import { useGrowth, type Segment } from "./queries";

const DAYS = 30;
const filters = { days: daysFilter() };

export function GrowthTab({ segment, days, zone }: { segment: Segment; days: DayRange | undefined; zone: string }) {
  const { t } = useTranslation(["segments", "common"]);
  const navigate = useNavigate();
  const range = readRange(days ?? `${DAYS}d`);
  const today = localDay(new Date(), zone);
  const asked = "days" in range ? { from: addDays(today, 1 - range.days), to: today } : range;
  const growth = useGrowth(segment.id, asked);
  const items = growth.data?.items;
  const chart = (kind: "line" | "bar", series: { key: "members" | "entered" | "left"; name: string }[]): ChartSpec | undefined =>
    items && {
      kind,
      unit: "count",
      x: { title: t("growth.day"), kind: "days", values: items.map(({ day }) => day), ...(items.at(-1)?.day === today ? { open: t("growth.open") } : {}) },
      series: items.length === 0 ? [] : series.map(({ key, name }) => ({ key, name, values: items.map((one) => one[key]) })),
    };
  const scope = `${segment.name} · ${formatZone(new Date(), zone)}`;
  const failed = { error: growth.error, onRetry: () => void growth.refetch(), empty: <NothingMatches /> };
  return (
    <>
      <FilterBar
        filters={filters}
        values={days ? { days } : {}}
        onChange={(next) => void navigate({ to: ".", search: (previous) => ({ ...previous, days: next.days }), replace: true })}
        fields={{ days: { label: t("growth.range"), defaultDays: DAYS } }}
      />
      <div className="ht-stack">
        <ChartCard title={t("growth.size")} scope={scope} definition={{ text: t("growth.sizeMeans") }} chart={chart("line", [{ key: "members", name: t("list.members") }])} {...failed} />
        <ChartCard
          title={t("growth.moves")}
          scope={scope}
          definition={{ text: t("growth.movesMeans") }}
          chart={chart("bar", [
            { key: "entered", name: t("growth.entered") },
            { key: "left", name: t("growth.left") },
          ])}
          {...failed}
        />
      </div>
    </>
  );
}
