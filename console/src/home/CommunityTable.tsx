/** Each community beside the others; within one community, each group. */
import { Link } from "@tanstack/react-router";
import { Tag } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { NothingMatches } from "../kit/EmptyState";
import { formatValue } from "../kit/charts/spec";
import { SafeText } from "../kit/SafeText";
import type { Sort } from "../kit/table/DataTable";
import { useChannelName } from "../members/channels";
import { useMetrics } from "../reports/definitions";
import { listOf, useCommunityTable } from "../reports/queries";
import { ReportTable } from "../reports/ReportTable";
import type { ReportScope } from "../reports/scope";

const METRICS = ["members", "new", "left", "net_growth", "dau", "messages", "speaker_share", "messages_per_speaker"] as const;
const HIDDEN = ["returned", "active", "speakers", "replies"] as const;

interface Row {
  id: string;
  name: string;
  channel: string;
  address: string;
  is_sample: boolean;
  values: Record<string, number | null>;
}

export default function CommunityTable({ scope }: { scope: ReportScope }) {
  const { t } = useTranslation(["home", "reports", "shell", "common"]);
  const { communities } = useSession();
  const channelName = useChannelName();
  const metrics = useMetrics();
  const answer = useCommunityTable(scope.question);
  const [sort, setSort] = useState<Sort | undefined>({ key: "messages", descending: true });
  const within = scope.whose.community !== undefined;
  const rows = useMemo(() => {
    const samples = new Set(communities.filter(({ is_sample }) => is_sample).map(({ id }) => id));
    const found = answer.data?.items.flatMap((one): Row[] =>
      within
        ? one.groups.map((group) => ({ ...group, address: `/communities/${one.id}/groups/${group.id}`, is_sample: false }))
        : [{ ...one, channel: "", address: `/communities/${one.id}`, is_sample: samples.has(one.id) }],
    );
    if (!found || !sort) return found;
    const value = (row: Row) => row.values[sort.key] ?? -Infinity;
    return found.toSorted((a, b) => (sort.descending ? value(b) - value(a) : value(a) - value(b)));
  }, [answer.data, communities, within, sort]);
  const title = within ? t("table.groups") : t("table.communities");
  return (
    <section className="ht-card" aria-label={title}>
      <h2 className="ht-section-title">{title}</h2>
      <p className="ht-secondary">{scope.text}</p>
      <ReportTable<Row>
        id={within ? "home-groups" : "home-communities"}
        label={title}
        list={listOf(metrics.size > 0 ? rows : undefined, answer.error, () => void answer.refetch())}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={setSort}
        skeletonRows={4}
        empty={<NothingMatches />}
        columns={[
          {
            key: "name",
            title: within ? t("reports:filter.group") : t("table.community"),
            fixed: true,
            width: 220,
            render: (row) => (
              <span className="ht-named">
                <Link to={row.address}>
                  <SafeText text={row.name} clip />
                </Link>
                {row.is_sample ? <Tag variant="outlined">{t("shell:sample")}</Tag> : null}
              </span>
            ),
            raw: (row) => row.name,
          },
          ...(within ? [{ key: "channel", title: t("reports:filter.channel"), width: 110, render: (row: Row) => channelName(row.channel), raw: (row: Row) => row.channel }] : []),
          ...[...METRICS, ...HIDDEN].map((key) => {
            const metric = metrics.get(key);
            return {
              key,
              title: metric?.name ?? key,
              align: "right" as const,
              width: 104,
              sortable: true,
              hidden: HIDDEN.some((one) => one === key),
              render: (row: Row) => formatValue(row.values[key], metric?.unit ?? "count"),
              raw: (row: Row) => row.values[key] ?? null,
            };
          }),
        ]}
      />
    </section>
  );
}
