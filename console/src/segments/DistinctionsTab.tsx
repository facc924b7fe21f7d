/** What marks the members of a segment: attributes and events they have more, or less, often than everybody else. */
import { useTranslation } from "react-i18next";

import { formatCount, formatDecimal, formatPercent, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { NothingMatches } from "../kit/EmptyState";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { useDistinctions, type Distinction, type Segment } from "./queries";

/** Two bars on one scale: the segment above, the rest below. */
function Shares({ one }: { one: Distinction }) {
  return (
    <svg className="ht-shares" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
      <rect className="ht-shares-own" y={0} height={4} width={one.share * 100} rx={1} />
      <rect className="ht-shares-rest" y={6} height={4} width={one.rest_share * 100} rx={1} />
    </svg>
  );
}

function useColumns(): DataColumn<Distinction>[] {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  return [
    {
      key: "what",
      title: t("distinctions.what"),
      width: 240,
      fixed: true,
      render: (one) => (
        <span>
          <SafeText text={language === "zh" ? one.zh : one.en} />
          {one.value === null ? null : (
            <>
              {t("distinctions.is")}
              <strong><SafeText text={one.value} /></strong>
            </>
          )}
        </span>
      ),
    },
    { key: "shares", title: t("distinctions.bars"), width: 180, render: (one) => <Shares one={one} /> },
    { key: "share", title: t("distinctions.share"), width: 110, align: "right", render: (one) => formatPercent(one.share) },
    { key: "rest", title: t("distinctions.rest"), width: 110, align: "right", render: (one) => formatPercent(one.rest_share) },
    { key: "lift", title: t("distinctions.lift"), width: 100, align: "right", render: (one) => (one.lift === null ? NO_VALUE : t("distinctions.times", { lift: formatDecimal(one.lift) })) },
    { key: "members", title: t("list.members"), width: 100, align: "right", render: (one) => formatCount(one.members) },
  ];
}

export function DistinctionsTab({ segment }: { segment: Segment }) {
  const { t } = useTranslation(["segments", "common"]);
  const { data, error, refetch } = useDistinctions(segment.id);
  const columns = useColumns();
  return (
    <div className="ht-card ht-stack">
      <p className="ht-secondary">
        {data ? t("distinctions.about", { members: formatCount(data.members), rest: formatCount(data.rest) }) : t("distinctions.waiting")}
      </p>
      {(["attribute", "event"] as const).map((kind) => (
        <section key={kind} aria-label={t(`distinctions.${kind}`)}>
          <h2>{t(`distinctions.${kind}`)}</h2>
          <DataTable
            id={`distinctions-${kind}`}
            label={t(`distinctions.${kind}`)}
            columns={columns}
            rows={data?.items.filter((one) => one.kind === kind)}
            rowKey={({ key, value }) => `${key} ${value ?? ""}`}
            error={error}
            onRetry={() => void refetch()}
            empty={<NothingMatches />}
            skeletonRows={5}
          />
        </section>
      ))}
    </div>
  );
}
