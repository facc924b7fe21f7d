/** The lists of the explorer: who talks most, who is silent, who never spoke, what was never answered. */
import { Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatDateTime, formatDay } from "../../format/dates";
import { formatCount, formatPercent } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { Definition } from "../../kit/Definition";
import { NothingMatches } from "../../kit/EmptyState";
import { SafeText } from "../../kit/SafeText";
import { MemberLink } from "../../members/MemberName";
import { SpeakersCard } from "../cards";
import { useMetrics } from "../definitions";
import { useNewcomers, useQuestions, useSilent, useSpeakers } from "../queries";
import { ReportTable, type ReportColumn } from "../ReportTable";
import { Choice } from "./Choice";
import type { ViewProps } from "./view";

const PAGE_SIZE = 50;
const SILENT_DAYS = 14;
const SILENCES = [7, 14, 30, 60, 90] as const;

function ListCard({ title, metric, scope, children }: { title: string; metric: string; scope: string; children: ReactNode }) {
  const { t } = useTranslation(["reports", "kit", "common"]);
  const definition = useMetrics().get(metric)?.definition;
  return (
    <section className="ht-card" aria-label={title}>
      <div className="ht-chart-title">
        <h2>
          {title}
          {definition ? <Definition label={t("kit:chart.definition", { title })} definition={definition} /> : null}
        </h2>
        <p className="ht-secondary">{scope}</p>
      </div>
      {children}
    </section>
  );
}

function useMemberColumn<Row extends { member: { id: string; name: string } }>(): ReportColumn<Row> {
  const { t } = useTranslation(["reports", "common"]);
  return { key: "member", title: t("member"), fixed: true, width: 200, render: ({ member }) => <MemberLink member={member} />, raw: ({ member }) => member.name };
}

export function SpeakersView({ scope }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  const list = useSpeakers(scope.question, PAGE_SIZE);
  return (
    <div className="ht-stack">
      <SpeakersCard scope={scope} height={360} />
      <ListCard title={t("view.speakers")} metric="top_speakers" scope={scope.text}>
        <ReportTable
          id="speakers"
          label={t("view.speakers")}
          list={list}
          rowKey={({ member }) => member.id}
          empty={<NothingMatches />}
          columns={[
            useMemberColumn(),
            { key: "messages", title: t("column.messages"), align: "right", width: 110, render: ({ messages }) => formatCount(messages), raw: ({ messages }) => messages },
            { key: "share", title: t("column.share"), align: "right", width: 110, render: ({ share }) => formatPercent(share), raw: ({ share }) => share },
            { key: "replies", title: t("column.replies"), align: "right", width: 110, render: ({ replies }) => formatCount(replies), raw: ({ replies }) => replies },
            { key: "characters", title: t("column.characters"), align: "right", width: 110, render: ({ characters }) => formatCount(characters), raw: ({ characters }) => characters },
            { key: "active_days", title: t("column.activeDays"), align: "right", width: 120, render: ({ active_days }) => formatCount(active_days), raw: ({ active_days }) => active_days },
          ]}
        />
      </ListCard>
    </div>
  );
}

export function SilentView({ scope, search, change }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const days = search.silence && !search.silence.includes("..") ? parseInt(search.silence, 10) : SILENT_DAYS;
  const list = useSilent(scope.question, days, PAGE_SIZE);
  return (
    <>
      <div className="ht-choices">
        <Choice
          label={t("silent.days")}
          value={String(days)}
          options={[...new Set([...SILENCES, days])].sort((a, b) => a - b).map((count) => ({ value: String(count), label: t("silent.option", { count }) }))}
          onChange={(next) => { change({ silence: Number(next) === SILENT_DAYS ? undefined : `${Number(next)}d` }); }}
        />
      </div>
      <ListCard title={t("silent.title", { count: days })} metric="silent" scope={scope.question ? `${scope.text.split(" · ").slice(0, -1).join(" · ")} · ${t("silent.asOf", { day: formatDay(scope.question.to, language) })}` : ""}>
        <ReportTable
          id="silent"
          label={t("view.silent")}
          list={list}
          rowKey={({ member }) => member.id}
          empty={<NothingMatches />}
          columns={[
            useMemberColumn(),
            { key: "silent_days", title: t("column.silentDays"), align: "right", width: 120, render: ({ silent_days }) => (silent_days === null ? t("silent.never") : formatCount(silent_days)), raw: ({ silent_days }) => silent_days },
            { key: "last", title: t("column.lastActive"), width: 180, render: ({ last_active_day }) => formatDay(last_active_day, language), raw: ({ last_active_day }) => last_active_day },
            { key: "joined", title: t("column.joined"), width: 180, render: ({ joined_day }) => formatDay(joined_day, language), raw: ({ joined_day }) => joined_day },
          ]}
        />
      </ListCard>
    </>
  );
}

export function NewcomersView({ scope }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const list = useNewcomers(scope.question, PAGE_SIZE);
  return (
    <ListCard title={t("newcomers.title")} metric="newcomers_silent" scope={scope.text}>
      <ReportTable
        id="newcomers"
        label={t("view.newcomers")}
        list={list}
        rowKey={({ member }) => member.id}
        empty={<NothingMatches />}
        columns={[
          useMemberColumn(),
          { key: "joined", title: t("column.joined"), width: 180, render: ({ joined_day }) => formatDay(joined_day, language), raw: ({ joined_day }) => joined_day },
          {
            key: "present",
            title: t("column.present"),
            width: 140,
            render: ({ is_present }) => <Tag variant="outlined">{is_present ? t("newcomers.here") : t("newcomers.gone")}</Tag>,
            raw: ({ is_present }) => (is_present ? t("newcomers.here") : t("newcomers.gone")),
          },
        ]}
      />
    </ListCard>
  );
}

export function QuestionsView({ scope }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const list = useQuestions(scope.question, PAGE_SIZE);
  return (
    <ListCard title={t("questions.title")} metric="questions_unanswered" scope={scope.text}>
      <ReportTable
        id="questions"
        label={t("view.questions")}
        list={list}
        rowKey={({ event_id }) => event_id}
        empty={<NothingMatches />}
        columns={[
          { key: "text", title: t("column.question"), fixed: true, width: 360, render: ({ text }) => <span className="ht-two-lines"><SafeText text={text} /></span>, raw: ({ text }) => text },
          useMemberColumn(),
          { key: "group", title: t("filter.group"), width: 180, render: ({ group }) => (group ? <SafeText text={group.name} clip /> : null), raw: ({ group }) => group?.name ?? "" },
          { key: "asked", title: t("column.asked"), width: 190, render: ({ asked_at }) => formatDateTime(asked_at, scope.zone, language), raw: ({ asked_at }) => asked_at },
        ]}
      />
    </ListCard>
  );
}
