/** What a manager should look at today: questions nobody answered, newcomers who never spoke, members who went silent. */
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatDateTime, formatDay } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { Definition } from "../kit/Definition";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { MemberLink } from "../members/MemberName";
import { AnalyticsLink } from "../reports/AnalyticsLink";
import { useMetrics } from "../reports/definitions";
import type { View } from "../reports/filters";
import { useNewcomers, useQuestions, useSilent, type ReportList } from "../reports/queries";
import type { ReportScope } from "../reports/scope";

const SHOWN = 5;
const SILENT_DAYS = 14;

interface AttentionCardProps<Row> {
  title: string;
  metric: string;
  view: View;
  list: ReportList<Row>;
  none: string;
  rowKey: (row: Row) => string;
  row: (row: Row) => ReactNode;
}

function AttentionCard<Row>({ title, metric, view, list, none, rowKey, row }: AttentionCardProps<Row>) {
  const { t } = useTranslation(["home", "kit", "common"]);
  const definition = useMetrics().get(metric)?.definition;
  return (
    <section className="ht-card ht-attention" aria-label={title}>
      <header>
        <h2>
          {title}
          {definition ? <Definition label={t("kit:chart.definition", { title })} definition={definition} /> : null}
        </h2>
        {list.total ? <strong className="ht-number">{formatCount(list.total)}</strong> : null}
      </header>
      {list.error ? (
        <ErrorState error={list.error} onRetry={list.retry} compact />
      ) : list.rows === undefined ? (
        <Skeleton active title={false} paragraph={{ rows: SHOWN * 2 }} />
      ) : list.rows.length === 0 ? (
        <p className="ht-secondary">{none}</p>
      ) : (
        <>
          <ul>
            {list.rows.slice(0, SHOWN).map((one) => (
              <li key={rowKey(one)}>{row(one)}</li>
            ))}
          </ul>
          <AnalyticsLink search={{ view }}>
            {t("attention.all")}
            <span className="ht-visually-hidden">{title}</span>
          </AnalyticsLink>
        </>
      )}
    </section>
  );
}

export function Attention({ scope }: { scope: ReportScope }) {
  const { t } = useTranslation(["home", "common"]);
  const language = useLanguage();
  const questions = useQuestions(scope.question, SHOWN);
  const newcomers = useNewcomers(scope.question, SHOWN);
  const silent = useSilent(scope.question, SILENT_DAYS, SHOWN);
  return (
    <div className="ht-three">
      <AttentionCard
        title={t("attention.questions")}
        metric="questions_unanswered"
        view="questions"
        list={questions}
        none={t("attention.noQuestions")}
        rowKey={({ event_id }) => event_id}
        row={({ member, group, asked_at, text }) => (
          <>
            <p className="ht-two-lines"><SafeText text={text} /></p>
            <p className="ht-attention-facts ht-secondary">
              <MemberLink member={member} />
              {group ? <SafeText text={group.name} clip /> : null}
              <span>{formatDateTime(asked_at, scope.zone, language)}</span>
            </p>
          </>
        )}
      />
      <AttentionCard
        title={t("attention.newcomers")}
        metric="newcomers_silent"
        view="newcomers"
        list={newcomers}
        none={t("attention.noNewcomers")}
        rowKey={({ member }) => member.id}
        row={({ member, joined_day, is_present }) => (
          <>
            <p><MemberLink member={member} /></p>
            <p className="ht-attention-facts ht-secondary">
              <span>{t("attention.joined", { day: formatDay(joined_day, language) })}</span>
              {is_present ? null : <span>{t("attention.gone")}</span>}
            </p>
          </>
        )}
      />
      <AttentionCard
        title={t("attention.silent")}
        metric="silent"
        view="silent"
        list={silent}
        none={t("attention.noSilent")}
        rowKey={({ member }) => member.id}
        row={({ member, last_active_day, silent_days }) => (
          <>
            <p><MemberLink member={member} /></p>
            <p className="ht-attention-facts ht-secondary">
              {last_active_day === null ? (
                <span>{t("attention.never")}</span>
              ) : (
                <span>{t("attention.lastActive", { day: formatDay(last_active_day, language), count: silent_days ?? 0 })}</span>
              )}
            </p>
          </>
        )}
      />
    </div>
  );
}
