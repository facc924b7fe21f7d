/** The next moments of a schedule, so that a rule that was meant otherwise is seen before it goes. */
import { useTranslation } from "react-i18next";

import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { useTriggerSaid } from "./queries";
import type { ScheduleTrigger } from "./trigger";

const SHOWN = 5;

export function NextDates({ trigger }: { trigger: ScheduleTrigger }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const { data, isUnfinished } = useTriggerSaid(trigger);
  if (isUnfinished || !data) return null;
  return (
    <div className="ht-auto-dates" role="group" aria-label={t("timing.dates")}>
      <span className="ht-field-label">{t("timing.dates")}</span>
      {data.dates.length === 0 ? <p className="ht-secondary">{t("timing.noDates")}</p> : <ol>{data.dates.slice(0, SHOWN).map((at) => <li key={at}>{formatDateTime(at, trigger.timing.zone, language)}</li>)}</ol>}
      {data.unknown_years.length > 0 ? <p className="ht-notice">{t("timing.unknownYears", { years: data.unknown_years.join(", ") })}</p> : null}
    </div>
  );
}
