/** The tabs of numbers of one community or one group: the overview, who stays, and what to look at. */
import { Segmented, Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay } from "../app/session";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { useBehind } from "../reports/Behind";
import { HeatCard, LinesCard, RetentionCard, SpeakersCard, type QuestionCardProps } from "../reports/cards";
import { useChangeSearch, type AnalyticsSearch } from "../reports/filters";
import { MetricCards } from "../reports/MetricCards";
import { useOverview } from "../reports/queries";
import { ReportFilterBar } from "../reports/ReportFilterBar";
import type { ReportScope } from "../reports/scope";
import { NewcomersView, QuestionsView, SilentView } from "../reports/views/lists";
import { RetentionView } from "../reports/views/RetentionView";
import { LISTS, type List } from "./filters";

const CARDS = ["members", "new", "left", "dau", "messages", "speaker_share"] as const;
const BETTER = ["dau"] as const;
const FLOW = ["new", "left"] as const;
const LOUD = ["messages"] as const;

const VIEWS = { questions: QuestionsView, newcomers: NewcomersView, silent: SilentView };

function Overview({ scope, onBehind }: Pick<QuestionCardProps, "scope" | "onBehind">) {
  const { t } = useTranslation(["communities", "reports", "common"]);
  const overview = useOverview(scope.question);
  const card = { scope, onBehind };
  return (
    <>
      <MetricCards metrics={CARDS} scope={scope} overview={overview} />
      <div className="ht-charts">
        <LinesCard {...card} title={t("reports:question.better")} metrics={BETTER} kind="line" answer={overview} />
        <LinesCard {...card} title={t("reports:question.flow")} metrics={FLOW} kind="bar" answer={{ ...overview, data: overview.data && { ...overview.data, previous_series: null } }} />
        <SpeakersCard scope={scope} />
        <HeatCard {...card} />
        <LinesCard {...card} title={t("reports:question.loud")} metrics={LOUD} kind="line" answer={overview} />
        <RetentionCard {...card} reachBack />
      </div>
    </>
  );
}

interface NumbersTabProps {
  tab: "overview" | "retention" | "attention";
  scope: ReportScope;
  /** Undefined until it is known. */
  nobodyYet: boolean | undefined;
  search: AnalyticsSearch;
  /** Which of the lists to look at. */
  list: List;
  /** Filters that say nothing here. */
  without?: readonly ("group" | "channel")[];
  /** The group whose history could be brought in. */
  group_id?: string;
}

export function NumbersTab({ tab, scope, nobodyYet, search, list, without = [], group_id }: NumbersTabProps) {
  const { t } = useTranslation(["communities", "common"]);
  const change = useChangeSearch<AnalyticsSearch>();
  const changeList = useChangeSearch<{ list?: List }>();
  const behind = useBehind();
  const mayImport = useMay("imports.run");
  const Chosen = VIEWS[list];
  if (scope.error) return <ErrorState error={scope.error} onRetry={scope.retry} />;
  if (scope.extent === undefined || nobodyYet === undefined) return <div className="ht-card"><Skeleton active paragraph={{ rows: 10 }} /></div>;
  const narrowed = Boolean(scope.search.channel ?? (group_id === undefined ? scope.search.group : undefined));
  if (nobodyYet || (scope.extent === null && !narrowed)) {
    return (
      <div className="ht-card">
        <NothingYet
          title={t("noData.title")}
          body={t("noData.body")}
          guide="import"
          action={
            mayImport ? (
              <ButtonLink type="primary" to="/communities/import" search={group_id ? { group: group_id } : {}}>{t("import")}</ButtonLink>
            ) : undefined
          }
        />
      </div>
    );
  }
  const view = { scope, search, change, onBehind: behind.open };
  return (
    <>
      <ReportFilterBar scope={scope} without={tab === "overview" ? without : [...without, "compare"]} />
      {scope.extent === null ? (
        <NothingMatches onClear={() => { change({ group: undefined, channel: undefined }); }} />
      ) : tab === "overview" ? (
        <Overview scope={scope} onBehind={behind.open} />
      ) : tab === "retention" ? (
        <RetentionView {...view} />
      ) : (
        <>
          <div className="ht-choices ht-lists">
            <Segmented<List>
              aria-label={t("tabs.attention")}
              value={list}
              onChange={(next) => { changeList({ list: next === "questions" ? undefined : next }); }}
              options={LISTS.map((value) => ({ value, label: t(`lists.${value}`) }))}
            />
          </div>
          <Chosen {...view} />
        </>
      )}
      {behind.drawer}
    </>
  );
}
