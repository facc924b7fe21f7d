/** How long people wait for an answer in conversations: over all, by day, by person, by channel; and who waits now. */
import { DownloadOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { ButtonLink } from "../../app/ButtonLink";
import { useMay, useWorkspacePath } from "../../app/session";
import { formatDuration } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { ChartCard } from "../../kit/charts/ChartCard";
import type { SeriesChart } from "../../kit/charts/spec";
import { NothingMatches } from "../../kit/EmptyState";
import { ErrorState } from "../../kit/ErrorState";
import { SafeText } from "../../kit/SafeText";
import { StatCard } from "../../kit/StatCard";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { useNow } from "../../inbox/Waits";
import { useChannelName } from "../../members/channels";
import { useMetrics } from "../definitions";
import type { ReportScope } from "../scope";
import type { ViewProps } from "./view";

const TIMES = "/api/workspaces/{workspace_id}/inbox/times";
const MINUTE_SECONDS = 60;
const CARDS = [
  { key: "first_response", part: "median" },
  { key: "first_response", part: "p90" },
  { key: "resolution", part: "median" },
  { key: "resolution", part: "p90" },
] as const;

type Times = components["schemas"]["TimesOut"];
type Line = components["schemas"]["LineOut"];

const minutes = (seconds: number | null) => (seconds === null ? null : Math.round((seconds / MINUTE_SECONDS) * 10) / 10);

function Cards({ data, scope }: { data: Times | undefined; scope: ReportScope }) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const known = useMetrics();
  const maySee = useMay("inbox.read");
  const now = useNow();
  const since = data?.longest_waiting_since;
  return (
    <div className="ht-cards">
      {CARDS.map(({ key, part }) => (
        <StatCard
          key={key + part}
          label={t(`answers.${key}.${part}`)}
          value={data?.total[key][part] ?? null}
          text={formatDuration(data?.total[key][part], language)}
          note={t("answers.of", { count: data?.total[key].count ?? 0, shown: formatCount(data?.total[key].count), opened: formatCount(data?.total.opened) })}
          definition={known.get(key)?.definition ?? { text: "" }}
          loading={data === undefined}
        />
      ))}
      <StatCard
        label={t("answers.waiting")}
        value={data?.total.waiting ?? null}
        note={since ? t("answers.longest", { time: formatDuration((now - Date.parse(since)) / 1000, language) }) : t("answers.nobody")}
        definition={known.get("waiting_now")?.definition ?? { text: "" }}
        loading={data === undefined}
        {...(maySee ? { link: () => <ButtonLink type="link" size="small" to="/communities/inbox" search={{ sort: "waiting", ...(scope.whose.community ? { community: scope.whose.community } : {}) }}>{t("answers.see")}</ButtonLink> } : {})}
      />
    </div>
  );
}

function useColumns<Row extends Line>(): DataColumn<Row>[] {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const count = (key: string, title: string, of: (row: Row) => number): DataColumn<Row> => ({ key, title, align: "right", width: 110, render: (row) => formatCount(of(row)) });
  const time = (key: string, title: string, of: (row: Row) => number | null): DataColumn<Row> => ({ key, title, align: "right", width: 140, render: (row) => formatDuration(of(row), language) });
  return [
    count("answered", t("answers.column.answered"), (row) => row.first_response.count),
    time("first_median", t("answers.first_response.median"), (row) => row.first_response.median),
    time("first_p90", t("answers.first_response.p90"), (row) => row.first_response.p90),
    count("closed", t("answers.column.closed"), (row) => row.resolution.count),
    time("closing_median", t("answers.resolution.median"), (row) => row.resolution.median),
    time("closing_p90", t("answers.resolution.p90"), (row) => row.resolution.p90),
    count("waiting", t("answers.waiting"), (row) => row.waiting),
  ];
}

function chartOf(data: Times, words: { day: string; median: string; p90: string; resolution: string }): SeriesChart {
  return {
    kind: "line",
    unit: "decimal",
    x: { title: words.day, kind: "days", values: data.days.map(({ first }) => first), ...(data.unit === "day" ? {} : { ends: data.days.map(({ last }) => last) }) },
    series: [
      { key: "median", name: words.median, values: data.days.map(({ first_response }) => minutes(first_response.median)) },
      { key: "p90", name: words.p90, values: data.days.map(({ first_response }) => minutes(first_response.p90)) },
      { key: "resolution", name: words.resolution, values: data.days.map(({ resolution }) => minutes(resolution.median)) },
    ],
  };
}

export function AnswersView({ scope }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  const path = useWorkspacePath();
  const channelName = useChannelName();
  const known = useMetrics();
  const question = scope.question;
  const query = { ...scope.whose, ...(question ? { from: question.from, to: question.to } : {}) };
  const { data, error, refetch } = $api.useQuery("get", TIMES, { params: { path, query } }, { enabled: question !== undefined });
  const staffColumns: DataColumn<Times["staff"][number]>[] = [
    { key: "staff", title: t("answers.column.staff"), fixed: true, width: 180, render: ({ staff }) => (staff ? <SafeText text={staff.name} clip /> : t("answers.unassigned")) },
    ...useColumns<Times["staff"][number]>(),
  ];
  const opened = { key: "opened", title: t("answers.column.opened"), align: "right", width: 110, render: ({ opened: count }: Line) => formatCount(count) } as const;
  const channelColumns: DataColumn<Times["channels"][number]>[] = [
    { key: "channel", title: t("filter.channel"), fixed: true, width: 180, render: ({ channel }) => channelName(channel) },
    opened,
    ...useColumns<Times["channels"][number]>(),
  ];
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const file = `/api/workspaces/${path.workspace_id}/inbox/times?${new URLSearchParams([...Object.entries(query).flatMap(([key, value]) => [value].flat().map((one) => [key, one] as [string, string])), ["format", "csv"]]).toString()}`;
  return (
    <div className="ht-stack">
      <Cards data={data} scope={scope} />
      <ChartCard
        title={t("answers.question")}
        scope={scope.text}
        definition={known.get("first_response")?.definition ?? { text: "" }}
        chart={data && chartOf(data, { day: t("day"), median: t("answers.minutes.median"), p90: t("answers.minutes.p90"), resolution: t("answers.minutes.resolution") })}
        empty={<NothingMatches />}
      />
      <section className="ht-card" aria-label={t("answers.byStaff")}>
        <div className="ht-answers-head">
          <h2>{t("answers.byStaff")}</h2>
          <a href={file} download><DownloadOutlined aria-hidden /> {t("answers.file")}</a>
        </div>
        <DataTable id="answers-staff" label={t("answers.byStaff")} columns={staffColumns} rows={data?.staff} rowKey={({ staff }) => staff?.id ?? ""} empty={<NothingMatches />} />
      </section>
      <section className="ht-card" aria-label={t("answers.byChannel")}>
        <h2>{t("answers.byChannel")}</h2>
        <DataTable id="answers-channels" label={t("answers.byChannel")} columns={channelColumns} rows={data?.channels} rowKey={({ channel }) => channel} empty={<NothingMatches />} />
      </section>
    </div>
  );
}
