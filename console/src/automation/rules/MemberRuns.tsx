/** Beside a member: the rules they met last, and what came of it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { useMemberRuns } from "./queries";
import { StateTag } from "./StateTag";
import "./rules.css";

export function MemberRuns({ memberId, zone }: { memberId: string; zone: string }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const may = useMay("automations.read");
  const { data, error, refetch } = useMemberRuns(memberId);
  if (!may || (!data && !error) || data?.items.length === 0) return null;
  return (
    <section aria-labelledby="member-runs">
      <h2 id="member-runs">{t("member.title")}</h2>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : null}
      <ul className="ht-member-runs">
        {(data?.items ?? []).map((run) => (
          <li key={run.id}>
            <Link to="/automation/rules/$ruleId" params={{ ruleId: run.rule.id }} search={{ tab: "log", member: memberId }}><SafeText text={run.rule.name} clip /></Link>
            <StateTag state={run.state} />
            <span className="ht-secondary"><RelativeTime at={run.at} zone={zone} />{run.reason ? <> · {run.reason[language]}</> : null}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
