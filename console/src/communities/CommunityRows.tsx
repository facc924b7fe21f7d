/** Communities as a table. */
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatDay } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { useMetrics } from "../reports/definitions";
import { Difference } from "./Difference";
import { Marks } from "./Marks";
import type { Community, useCommunityList, useNumbersBeside } from "./queries";

const METRICS = ["active", "dau", "new", "left", "net_growth", "messages", "speaker_share"] as const;
const HIDDEN: readonly string[] = ["dau", "left"];

interface CommunityRowsProps {
  list: ReturnType<typeof useCommunityList>;
  rows: readonly Community[] | undefined;
  numbers: ReturnType<typeof useNumbersBeside>;
  empty: ReactNode;
}

export function CommunityRows({ list, rows, numbers, empty }: CommunityRowsProps) {
  const { t } = useTranslation(["communities", "shell", "common"]);
  const navigate = useNavigate();
  const language = useLanguage();
  const metrics = useMetrics();
  const columns: DataColumn<Community>[] = [
    {
      key: "name",
      title: t("name"),
      width: 280,
      fixed: true,
      render: (one) => (
        <div className="ht-name-and-marks">
          <Link to="/communities/$communityId" params={{ communityId: one.id }} search={{ community: one.id }}>
            <SafeText text={one.name} />
          </Link>
          <Marks community={one} />
        </div>
      ),
    },
    { key: "groups", title: t("groups"), width: 80, align: "right", render: (one) => formatCount(one.groups) },
    { key: "members", title: t("members"), width: 110, align: "right", render: (one) => formatCount(one.members) },
    ...METRICS.map((key): DataColumn<Community> => ({
      key,
      title: metrics.get(key)?.name ?? t("common:loading"),
      width: 120,
      align: "right",
      hidden: HIDDEN.includes(key),
      render: (one) => <Difference metric={metrics.get(key)} now={numbers.now?.get(one.id)?.[key]} before={numbers.before?.get(one.id)?.[key]} days={numbers.days} />,
    })),
    { key: "zone", title: t("zone"), width: 160, render: (one) => one.time_zone },
  ];
  return (
    <>
      {rows && rows.length > 0 && numbers.range ? <p className="ht-secondary">{t("numbersOf", { count: numbers.days, from: formatDay(numbers.range.from, language), to: formatDay(numbers.range.to, language) })}</p> : null}
      <DataTable
        id="communities"
        label={t("shell:nav.communities")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        skeletonRows={4}
        empty={empty}
        onOpen={({ id }) => void navigate({ to: "/communities/$communityId", params: { communityId: id }, search: { community: id } })}
        pages={{ kind: "more", hasMore: list.hasNextPage, loadingMore: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }}
      />
    </>
  );
}
