/** The persona on the page of its segment, with the way to the page of its own. */
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../../app/ButtonLink";
import { ErrorState } from "../../kit/ErrorState";
import { Reckoning } from "../../kit/Reckoning";
import { usePersona } from "../insights/queries";
import { Persona } from "./Persona";
import { PersonaPicture } from "./PersonaActions";

export function PersonaTab({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation(["insights", "common"]);
  const { data, error, refetch, isFetching, stop } = usePersona(segmentId);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />;
  if (!data) return <Reckoning rows={16} running={isFetching} onStop={stop} onStart={() => void refetch()} />;
  return (
    <>
      {data.portrait ? (
        <div className="ht-persona-tools">
          <PersonaPicture persona={data} />
          <ButtonLink to="/members/segments/$segmentId/persona" params={{ segmentId }}>{t("persona.open")}</ButtonLink>
        </div>
      ) : null}
      <Persona persona={data} />
    </>
  );
}
