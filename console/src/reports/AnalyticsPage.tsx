/** The explorer: every number, with its days, its comparison, its groups, and the members behind it. */
import { Link, useSearch } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay } from "../app/session";
import { formatDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { useBehind } from "./Behind";
import { useChangeSearch, views, type AnalyticsSearch, type View } from "./filters";
import { ReportFilterBar } from "./ReportFilterBar";
import { useReportScope } from "./scope";
import { ActiveDaysView } from "./views/ActiveDaysView";
import { AnswersView } from "./views/AnswersView";
import { HoursView } from "./views/HoursView";
import { NewcomersView, QuestionsView, SilentView, SpeakersView } from "./views/lists";
import { NumbersView } from "./views/NumbersView";
import { RetentionView } from "./views/RetentionView";
import { TrendView } from "./views/TrendView";
import type { ViewProps } from "./views/view";

const pages: Record<View, (props: ViewProps) => React.ReactNode> = {
  trend: TrendView,
  retention: RetentionView,
  hours: HoursView,
  days: ActiveDaysView,
  numbers: NumbersView,
  speakers: SpeakersView,
  silent: SilentView,
  newcomers: NewcomersView,
  questions: QuestionsView,
  answers: AnswersView,
};
/** Views whose answers have nothing to compare with. */
const COMPARED = new Set<View>(["trend", "numbers"]);

export function AnalyticsPage() {
  const { t } = useTranslation(["reports", "shell", "common"]);
  const language = useLanguage();
  const search: AnalyticsSearch = useSearch({ from: "/_in/analytics" });
  const change = useChangeSearch<AnalyticsSearch>();
  const scope = useReportScope();
  const behind = useBehind();
  const mayImport = useMay("imports.run");
  const view = search.view ?? "trend";
  const Shown = pages[view];
  const tabs = useRef<HTMLElement>(null);
  // On a phone the chosen view may lie beyond the edge.
  useEffect(() => {
    tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [view, scope.extent]);
  const filtered = Boolean(scope.whose.community ?? scope.whose.group ?? scope.whose.channel);
  return (
    <div className="ht-page">
      <PageHeader
        title={t("shell:nav.analytics")}
        {...(scope.endsAt ? { description: t("endsAt", { day: formatDay(scope.endsAt, language) }) } : {})}
      />
      {scope.error ? (
        <ErrorState error={scope.error} onRetry={scope.retry} />
      ) : scope.extent === null && !filtered ? (
        <div className="ht-card">
          <NothingYet
            title={t("empty.title")}
            body={t("empty.body")}
            guide="numbers"
            action={mayImport ? <ButtonLink type="primary" to="/communities/import">{t("empty.import")}</ButtonLink> : null}
          />
        </div>
      ) : (
        <>
          <nav className="ht-tabs" aria-label={t("views")} ref={tabs}>
            {views.map((one) => (
              <Link
                key={one}
                to="/analytics"
                search={{ ...search, ...(one === "trend" ? { view: undefined } : { view: one }) } as AnalyticsSearch}
                activeOptions={{ explicitUndefined: true }}
                replace
              >
                {t(`view.${one}`)}
              </Link>
            ))}
          </nav>
          <ReportFilterBar scope={scope} without={COMPARED.has(view) ? [] : ["compare"]} />
          {scope.extent === undefined ? (
            <div className="ht-card"><Skeleton active paragraph={{ rows: 10 }} /></div>
          ) : scope.extent === null ? (
            <NothingMatches onClear={() => { change({ group: undefined, channel: undefined }); }} />
          ) : (
            <Shown key={view} scope={scope} search={search} change={change} onBehind={behind.open} />
          )}
        </>
      )}
      {behind.drawer}
    </div>
  );
}
