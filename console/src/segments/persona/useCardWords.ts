/** The words that stand in the picture of a persona. */
import { useTranslation } from "react-i18next";

import type { CardWords } from "./card";

export function useCardWords(): CardWords {
  const { t } = useTranslation(["insights", "common"]);
  return {
    title: t("persona.title"),
    product: t("common:product"),
    people: (people, compared, against) => t("card.people", { people, compared, against }),
    nothing: t("persona.nothing"),
    hours: t("question.hours"),
    words: t("question.words"),
    pages: t("question.pages"),
    tenure: t("question.tenure"),
    groups: t("question.groups"),
    points: (points) => t("card.points", { points }),
    legend: (against) => t("card.legend", { against }),
    figure: {
      active_share: t("figure.active_share"), messages: t("figure.messages"), replies: t("figure.replies"), reactions: t("figure.reactions"),
      active_days: t("figure.active_days"),
    },
    than: (value) => t("card.than", { value }),
    foot: (days, least) => t("card.foot", { days, count: least }),
  };
}
