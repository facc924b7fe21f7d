/** A rule that belongs to something else: what it does, whose it is and who met it; it is changed where it belongs. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { PageHeader } from "../../kit/PageHeader";
import { Phrase, slot } from "../../kit/Phrase";
import { plainText } from "../../kit/safeText";
import { AutomationNav } from "../AutomationNav";
import type { Draft } from "./draft";
import type { RuleSearch } from "./filters";
import { InWords } from "./InWords";
import { OwnerLink } from "./owners";
import { Problems } from "./Problems";
import type { Rule } from "./queries";
import { RunLog } from "./RunLog";

export function Followed({ rule, start, search }: { rule: Rule; start: Draft; search: RuleSearch }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  return (
    <div className="ht-page">
      <PageHeader back={<Link to="/automation/rules">{t("title")}</Link>} title={plainText(rule.name)} />
      <AutomationNav />
      <div className="ht-notice ht-rule-owner" role="note">
        <p><Phrase text={t("besides.belongs", { owner: slot(0) })} parts={[<OwnerLink key="owner" rule={rule} />]} /></p>
      </div>
      <Problems rule={rule} />
      <div className="ht-stack">
        <InWords draft={start} when={plainText(rule.sentences.trigger[language])} />
        <h2>{t("log.title")}</h2>
        <RunLog rule={rule} search={search} />
      </div>
    </div>
  );
}
