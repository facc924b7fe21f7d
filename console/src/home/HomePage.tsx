/** How the communities are doing, at a glance: numbers, four questions and their answers, and what to look at. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay } from "../app/session";
import { formatDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { NothingMatches } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { useChangeSearch, type ReportSearch } from "../reports/filters";
import { ReportFilterBar } from "../reports/ReportFilterBar";
import { useReportScope } from "../reports/scope";
import { FirstSteps } from "./FirstSteps";
import { MyTodos } from "./MyTodos";
import { Numbers } from "./Numbers";

export function HomePage() {
  const { t } = useTranslation(["home", "shell", "reports", "common"]);
  const language = useLanguage();
  const scope = useReportScope();
  const change = useChangeSearch<ReportSearch>();
  const mayImport = useMay("imports.run");
  const filtered = Boolean(scope.whose.community ?? scope.whose.group ?? scope.whose.channel);
  const empty = scope.extent === null;
  return (
    <div className="ht-page">
      <PageHeader
        title={t("shell:nav.home")}
        badge={<MyTodos />}
        {...(scope.endsAt ? { description: t("reports:endsAt", { day: formatDay(scope.endsAt, language) }) } : {})}
        actions={mayImport && !empty ? <ButtonLink to="/communities/import">{t("import")}</ButtonLink> : null}
      />
      {scope.error ? (
        <ErrorState error={scope.error} onRetry={scope.retry} />
      ) : empty && !filtered ? (
        <FirstSteps />
      ) : (
        <>
          <ReportFilterBar scope={scope} />
          {empty ? (
            <>
              <NothingMatches
                {...(scope.whose.group ?? scope.whose.channel
                  ? { onClear: () => { change({ group: undefined, channel: undefined }); } }
                  : {})}
              />
              <p className="ht-center">
                <Link to="/" search={{}}>{t("everything")}</Link>
              </p>
            </>
          ) : (
            <Numbers scope={scope} />
          )}
        </>
      )}
    </div>
  );
}
