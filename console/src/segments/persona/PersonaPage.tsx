/** The persona of one segment as a page to read, to print and to save as a picture. */
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { usePageName } from "../../app/usePageName";
import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { PageHeader } from "../../kit/PageHeader";
import { Reckoning } from "../../kit/Reckoning";
import { SafeText } from "../../kit/SafeText";
import { usePersona } from "../insights/queries";
import { Persona } from "./Persona";
import { PersonaPicture, PersonaPrint } from "./PersonaActions";
import { usePaper } from "./usePaper";

export function PersonaPage() {
  const { t } = useTranslation(["insights", "common"]);
  const { segmentId } = useParams({ from: "/_in/members/segments/$segmentId/persona" });
  const language = useLanguage();
  const { data, error, refetch, isFetching, stop } = usePersona(segmentId);
  usePageName(data?.segment.name);
  usePaper();
  if (!data) {
    return (
      <div className="ht-page">
        {error ? <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} /> : <Reckoning rows={20} running={isFetching} onStop={stop} onStart={() => void refetch()} />}
      </div>
    );
  }
  return (
    <div className="ht-page ht-persona-page">
      <PageHeader
        back={<Link to="/members/segments/$segmentId" params={{ segmentId }}>{t("persona.segment")}</Link>}
        title={<SafeText text={data.segment.name} />}
        description={t("persona.title")}
        actions={
          data.portrait ? (
            <>
              <PersonaPrint />
              <PersonaPicture persona={data} />
            </>
          ) : null
        }
      />
      <Persona persona={data} />
      <p className="ht-secondary ht-page-foot">{t("persona.computed", { at: formatDateTime(data.computed_at, data.zone, language) })}</p>
    </div>
  );
}
