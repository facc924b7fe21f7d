/** Why people did not come in. */
import { useTranslation } from "react-i18next";

import { formatCount } from "../../format/numbers";
import type { Start } from "./queries";
import type { T } from "./words";

const REASONS = ["in_flight", "before", "condition", "no_person", "elsewhere", "chain"] as const;

export function reasonSaid(reason: string, t: T): string {
  const known = REASONS.find((one) => one === reason);
  return known ? t(`enrol.reason.${known}`) : reason;
}

/** How many for each reason. */
export function Refused({ refused }: { refused: Start["refused"] }) {
  const { t } = useTranslation(["journeys", "common"]);
  return (
    <ul className="ht-je-refused">
      {Object.entries(refused).map(([reason, count]) => (
        <li key={reason}>{t("enrol.refused", { count, shown: formatCount(count), why: reasonSaid(reason, t) })}</li>
      ))}
    </ul>
  );
}
