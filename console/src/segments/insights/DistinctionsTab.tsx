/** What the people of a segment have, are or do more often than the others, and less often. */
import { DownloadOutlined } from "@ant-design/icons";
import { Button, Tag } from "antd";
import { useTranslation } from "react-i18next";

import { formatCount, formatDecimal, formatPercent, formatPoints, NO_VALUE } from "../../format/numbers";
import type { Language } from "../../i18n/language";
import { useLanguage } from "../../i18n/useLanguage";
import { csvText } from "../../kit/charts/csv";
import { download, fileName } from "../../kit/charts/download";
import { NothingMatches } from "../../kit/EmptyState";
import { ErrorState } from "../../kit/ErrorState";
import { Reckoning } from "../../kit/Reckoning";
import { plainText } from "../../kit/safeText";
import { SafeText } from "../../kit/SafeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { useChannelName } from "../../members/channels";
import { useComparedWith } from "./comparedWith";
import "./insights.css";
import { useDistinctions, type Distinction, type Distinctions } from "./queries";
import { TooSmall } from "./TooSmall";

/** The segment's share above, the others' below, on one scale. */
function Shares({ one }: { one: Distinction }) {
  return (
    <svg className="ht-shares" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
      <rect className="ht-shares-own" y={0} height={4} width={one.share * 100} />
      <rect className="ht-shares-rest" y={6} height={4} width={one.rest_share * 100} />
    </svg>
  );
}

function useValueText(language: Language): (one: Distinction) => string | null {
  const channelName = useChannelName();
  return ({ kind, key, value }) => (kind === "channel" ? channelName(key) : (value?.[language] ?? null));
}

function useColumns(): DataColumn<Distinction>[] {
  const { t } = useTranslation(["insights", "common"]);
  const language = useLanguage();
  const valueText = useValueText(language);
  return [
    {
      key: "what",
      title: t("distinctions.what"),
      width: 260,
      fixed: true,
      render: (one) => {
        const value = valueText(one);
        return (
          <span className="ht-distinction">
            <span>
              <SafeText text={one.name[language]} />
              {value === null ? null : (
                <>
                  {t("distinctions.is")}
                  <strong><SafeText text={value} /></strong>
                </>
              )}
            </span>
            {one.is_in_condition ? <Tag variant="filled" title={t("distinctions.askedMeans")}>{t("distinctions.asked")}</Tag> : null}
            {one.is_more_than_chance ? null : <Tag variant="outlined" title={t("distinctions.chanceMeans")}>{t("distinctions.chance")}</Tag>}
          </span>
        );
      },
    },
    { key: "bars", title: t("distinctions.bars"), width: 160, render: (one) => <Shares one={one} /> },
    { key: "share", title: t("distinctions.share"), width: 100, align: "right", render: (one) => formatPercent(one.share) },
    { key: "rest", title: t("distinctions.rest"), width: 100, align: "right", render: (one) => formatPercent(one.rest_share) },
    { key: "difference", title: t("distinctions.difference"), width: 130, align: "right", render: (one) => formatPoints(one.difference, language) },
    { key: "lift", title: t("distinctions.lift"), width: 90, align: "right", render: (one) => (one.lift === null ? NO_VALUE : t("distinctions.times", { lift: formatDecimal(one.lift) })) },
    { key: "people", title: t("distinctions.people"), width: 90, align: "right", render: (one) => formatCount(one.people) },
  ];
}

function Way({ way, found }: { way: "more" | "less"; found: Distinctions }) {
  const { t } = useTranslation(["insights", "common"]);
  const language = useLanguage();
  const valueText = useValueText(language);
  const columns = useColumns();
  const title = t(`distinctions.${way}`);
  const rows = found[way];
  function save() {
    const head = [t("distinctions.what"), t("distinctions.value"), t("distinctions.people"), t("distinctions.share"), t("distinctions.rest"), t("distinctions.difference"), t("distinctions.lift"), t("distinctions.sure")];
    const lines = rows.map((one) => [one.name[language], valueText(one), one.people, one.share, one.rest_share, one.difference, one.lift, one.is_more_than_chance ? t("common:yes") : t("common:no")]);
    download(new Blob([csvText([head, ...lines])], { type: "text/csv;charset=utf-8" }), fileName(`${plainText(found.segment.name)} ${title}`, "csv"));
  }
  return (
    <section className="ht-card" aria-label={title}>
      <header className="ht-insight-head">
        <h2>{title}</h2>
        {rows.length > 0 ? <Button size="small" type="text" icon={<DownloadOutlined />} aria-label={t("distinctions.csv", { title })} onClick={save} /> : null}
      </header>
      <DataTable id={`distinctions-${way}`} label={title} columns={columns} rows={rows} rowKey={(one) => `${one.kind} ${one.key} ${one.name.en} ${one.value?.en ?? ""}`} empty={<NothingMatches />} />
    </section>
  );
}

export function DistinctionsTab({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation(["insights", "common"]);
  const against = useComparedWith();
  const { data, error, refetch, isFetching, stop } = useDistinctions(segmentId);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />;
  if (!data) return <Reckoning rows={14} running={isFetching} onStop={stop} onStart={() => void refetch()} />;
  if (data.is_too_small) return <TooSmall people={data.people} people_min={data.people_min} rest={data.rest_people} />;
  return (
    <div className="ht-stack">
      <p className="ht-secondary">
        {t("distinctions.about", { people: formatCount(data.people), rest: formatCount(data.rest_people), against: against(data.compared_with), compared: formatCount(data.compared), days: data.days })}
      </p>
      <Way way="more" found={data} />
      <Way way="less" found={data} />
    </div>
  );
}
