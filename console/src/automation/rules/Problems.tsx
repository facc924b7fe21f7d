/** What a rule names that is gone. */
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import type { Rule } from "./queries";

export function Problems({ rule: { problems } }: { rule: Rule }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  if (problems.length === 0) return null;
  return (
    <div className="ht-notice" role="note">
      <p>{t("form.problems")}</p>
      <ul>{problems.map((one) => <li key={one.field}>{one[language]}</li>)}</ul>
    </div>
  );
}
