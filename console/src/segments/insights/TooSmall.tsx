/** Said in place of numbers that would say nothing. */
import { useTranslation } from "react-i18next";

import { formatCount } from "../../format/numbers";

export function TooSmall({ people, people_min, rest }: { people: number; people_min: number; rest?: number }) {
  const { t } = useTranslation(["insights", "common"]);
  const isRest = people >= people_min;
  return (
    <div className="ht-empty" role="status">
      <h2>{t(isRest ? "tooSmall.restTitle" : "tooSmall.title")}</h2>
      <p>{t(isRest ? "tooSmall.rest" : "tooSmall.body", { count: people_min, people: formatCount(isRest ? rest : people) })}</p>
    </div>
  );
}
