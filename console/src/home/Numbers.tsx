/** The numbers, the questions with their answers, what to look at, and each community beside the others. */
import { Skeleton } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { useBehind } from "../reports/Behind";
import { HeatCard, LinesCard, RetentionCard, SpeakersCard } from "../reports/cards";
import { MetricCards } from "../reports/MetricCards";
import { useOverview } from "../reports/queries";
import type { ReportScope } from "../reports/scope";
import { Attention } from "./Attention";

// The last thing on the page; the charts do not wait for the code of tables.
const CommunityTable = lazy(() => import("./CommunityTable"));

const CARDS = ["members", "new", "dau", "speaker_share", "messages", "retention_d7"] as const;
const BETTER = ["dau"] as const;
const LOUD = ["messages"] as const;
const FLOW = ["new", "left"] as const;

export function Numbers({ scope }: { scope: ReportScope }) {
  const { t } = useTranslation(["reports", "common"]);
  const overview = useOverview(scope.question);
  const behind = useBehind();
  const card = { scope, onBehind: behind.open };
  return (
    <>
      <MetricCards metrics={CARDS} scope={scope} overview={overview} />
      <div className="ht-charts">
        <LinesCard {...card} title={t("question.better")} metrics={BETTER} kind="line" answer={overview} />
        <SpeakersCard scope={scope} />
        <RetentionCard {...card} reachBack />
        <HeatCard {...card} height={400} />
        <LinesCard {...card} title={t("question.flow")} metrics={FLOW} kind="bar" answer={{ ...overview, data: overview.data && { ...overview.data, previous_series: null } }} />
        <LinesCard {...card} title={t("question.loud")} metrics={LOUD} kind="line" answer={overview} />
      </div>
      <Attention scope={scope} />
      <Suspense fallback={<div className="ht-card"><Skeleton active paragraph={{ rows: 6 }} /></div>}>
        <CommunityTable scope={scope} />
      </Suspense>
      {behind.drawer}
    </>
  );
}
