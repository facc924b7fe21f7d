/** How a segment grew: its size day by day, and who came and went. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { addDays, formatZone, localDay } from "../../format/dates";
import { formatCount, formatDifference } from "../../format/numbers";
import { ChartCard } from "../../kit/charts/ChartCard";
import type { SeriesChart } from "../../kit/charts/spec";
import { NothingMatches } from "../../kit/EmptyState";
import { FilterBar } from "../../kit/filters/FilterBar";
import { days as daysFilter, readRange } from "../../kit/filters/schema";
import { plainText } from "../../kit/safeText";
import { useGrowth, type Growth } from "./queries";
import { useTabSearch } from "./useTabSearch";

const DAYS_DEFAULT = 30;
const filters = { days: daysFilter() };
type Line = "members" | "entered" | "left";

function chartOf(growth: Growth, kind: SeriesChart["kind"], lines: { key: Line; name: string }[], words: { day: string; open: string }): SeriesChart {
  const { items, today } = growth;
  return {
    kind,
    unit: "count",
    x: { title: words.day, kind: "days", values: items.map(({ day }) => day), ...(items.at(-1)?.day === today ? { open: words.open } : {}) },
    series: lines.map(({ key, name }) => ({ key, name, values: items.map((one) => one[key]) })),
  };
}

export function GrowthTab({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation(["insights", "common"]);
  const { workspace } = useSession();
  const [{ days }, change] = useTabSearch();
  const range = readRange(days ?? `${DAYS_DEFAULT}d`);
  // The last days end today in the segment's zone, which comes with the answer: a day more is asked for on either side.
  const tomorrow = addDays(localDay(new Date(), workspace.time_zone), 1);
  const asked = "days" in range ? { from: addDays(tomorrow, -range.days - 1), to: tomorrow } : range;
  const { data, error, refetch } = useGrowth(segmentId, asked);
  const shown = useMemo(() => {
    if (!data) return undefined;
    const words = { day: t("growth.day"), open: t("growth.open") };
    const asked = "days" in range ? data.items.slice(-range.days) : data.items;
    const items = asked.slice(Math.max(0, asked.findIndex(({ members }) => members !== null))); // since it was first counted
    const growth = { ...data, items };
    return {
      items,
      size: chartOf(growth, items.length > 1 ? "line" : "bar", [{ key: "members", name: t("growth.members") }], words),
      moves: chartOf(growth, "bar", [{ key: "entered", name: t("growth.entered") }, { key: "left", name: t("growth.left") }], words),
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the range is made of `days`
  }, [data, days, t]);
  const known = shown?.items.flatMap(({ members }) => (members === null ? [] : [members])) ?? [];
  const sum = (key: "entered" | "left") => formatCount(shown?.items.reduce((total, one) => total + one[key], 0));
  const scope = data ? `${plainText(data.segment.name)} · ${formatZone(new Date(), data.zone)}` : "";
  const rest = { scope, error, onRetry: () => void refetch(), empty: <NothingMatches /> };
  return (
    <>
      <FilterBar
        filters={filters}
        values={days ? { days } : {}}
        onChange={(next) => {
          change({ days: next.days });
        }}
        fields={{ days: { label: t("growth.range"), defaultDays: DAYS_DEFAULT } }}
      >
        <span className="ht-secondary" role="status">
          {known.length > 0
            ? t("growth.summary", { change: formatDifference((known.at(-1) ?? 0) - (known[0] ?? 0)), entered: sum("entered"), left: sum("left") })
            : ""}
        </span>
      </FilterBar>
      <div className="ht-stack">
        <ChartCard title={t("growth.size")} definition={{ text: t("growth.sizeMeans") }} chart={shown?.size} {...rest} />
        <ChartCard title={t("growth.moves")} definition={{ text: t("growth.movesMeans") }} chart={shown?.moves} {...rest} />
      </div>
    </>
  );
}
