/** The rule tried, as it is written now: on one member, or on what really happened lately. Nothing is done. */
import { CheckCircleOutlined, CloseCircleOutlined } from "@ant-design/icons";
import { Button, InputNumber, Segmented } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useSession, useWorkspacePath } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { MemberLink } from "../../members/MemberName";
import { MemberSearch } from "../../members/MemberSearch";
import type { ActionUse } from "../shared/types";
import type { Draft } from "./draft";
import { Outcomes } from "./Outcomes";
import { TRIAL, type RuleBody, type TrialOfDays, type TrialOfMember } from "./queries";

const DAYS_MAX = 30;
const DAYS = 7;
type On = "member" | "days";

function OfMember({ found, actions }: { found: TrialOfMember; actions: readonly ActionUse[] }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  return (
    <div className="ht-auto-form">
      <p className="ht-rule-verdict" data-acts={found.acts}>
        {found.acts ? <CheckCircleOutlined aria-hidden /> : <CloseCircleOutlined aria-hidden />} <strong>{t(found.acts ? "try.acts" : "try.actsNot")}</strong>
        {found.occurred_at ? <span className="ht-secondary">{t("try.at", { at: formatDateTime(found.occurred_at, workspace.time_zone, language) })}</span> : null}
      </p>
      <ul className="ht-rule-steps">
        {found.steps.map((step) => (
          <li key={step.check} data-passes={step.passes}>
            {step.passes ? <CheckCircleOutlined aria-label={t("try.passes")} /> : <CloseCircleOutlined aria-label={t("try.passesNot")} />}
            <div>
              <span>{step[language]}</span>
              {step.parts.length > 0 ? (
                <ul>
                  {step.parts.map((part, index) => (
                    <li key={index} data-passes={part.holds}>{part.holds ? <CheckCircleOutlined aria-label={t("try.passes")} /> : <CloseCircleOutlined aria-label={t("try.passesNot")} />} <span>{part[language]}</span></li>
                  ))}
                </ul>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      {found.outcomes.length > 0 ? (
        <div>
          <span className="ht-field-label">{t(found.acts ? "try.would" : "try.wouldIf")}</span>
          <Outcomes outcomes={found.outcomes} actions={actions} label={t("try.would")} isTrial />
        </div>
      ) : null}
    </div>
  );
}

function OfDays({ found }: { found: TrialOfDays }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  return (
    <div className="ht-auto-form">
      <p className="ht-rule-verdict" data-acts={found.acts > 0}>
        <strong>{t("try.wouldHave", { count: found.acts, shown: formatCount(found.acts), people: formatCount(found.acts_people) })}</strong>
        <span className="ht-secondary">{t("try.ofEvents", { count: found.events, shown: formatCount(found.events), people: formatCount(found.people) })}</span>
      </p>
      {found.is_cut ? <p className="ht-notice">{t("try.cut", { shown: formatCount(found.events) })}</p> : null}
      {found.reasons.length > 0 ? (
        <div>
          <span className="ht-field-label">{t("try.others")}</span>
          <ul className="ht-rule-reasons">{found.reasons.map((one) => <li key={one.code}><span>{one[language]}</span><span className="ht-number">{formatCount(one.count)}</span></li>)}</ul>
        </div>
      ) : null}
      {found.examples.length > 0 ? (
        <div>
          <span className="ht-field-label">{t("try.examples")}</span>
          <ul className="ht-rule-examples" tabIndex={0} aria-label={t("try.examples")}>{found.examples.map((one, index) => <li key={index}><span className="ht-number">{formatDateTime(one.at, workspace.time_zone, language)}</span> <MemberLink member={one.member} /></li>)}</ul>
        </div>
      ) : null}
      <p className="ht-secondary ht-auto-hint">{t("try.asOfNow")}</p>
    </div>
  );
}

interface TryBoxProps {
  /** What is tried; null: something is still missing, which was said at its field. */
  bodyOf: () => RuleBody | null;
  /** As it is now: what was found is of the rule as it was. */
  draft: Draft;
  ruleId: string | null;
}

export function TryBox({ bodyOf, draft, ruleId }: TryBoxProps) {
  const { t } = useTranslation(["automation", "common"]);
  const id = useId();
  const path = useWorkspacePath();
  const [on, setOn] = useState<On>("member");
  const [member, setMember] = useState<string | undefined>(undefined);
  const [days, setDays] = useState(DAYS);
  const [tried, setTried] = useState<Draft | null>(null);
  const trial = $api.useMutation("post", TRIAL);
  const run = () => {
    const rule = bodyOf();
    if (rule === null) return;
    setTried(draft);
    trial.mutate({ params: { path }, body: { rule, rule_id: ruleId, event_id: "", ...(on === "member" ? { member_id: member ?? null } : { days }) } });
  };
  const found = on === "member" ? trial.data?.member : trial.data?.days;
  return (
    <section className="ht-card ht-rule-try" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("try.title")}</h2>
      <Segmented<On> block aria-label={t("try.on")} value={on} options={(["member", "days"] as const).map((value) => ({ value, label: t(`try.ons.${value}`) }))} onChange={setOn} />
      {on === "member" ? (
        <MemberSearch except="" value={member} onChange={setMember} label={t("try.member")} />
      ) : (
        <div className="ht-rule-inline">
          <label htmlFor={`${id}-days`}>{t("try.last")}</label>
          <InputNumber id={`${id}-days`} min={1} max={DAYS_MAX} precision={0} suffix={t("date.day")} value={days} onChange={(value) => { setDays(value ?? DAYS); }} />
        </div>
      )}
      <Button block loading={trial.isPending} disabled={on === "member" && member === undefined} onClick={run}>{t("try.run")}</Button>
      <div aria-live="polite">
        {trial.error ? <ErrorState error={trial.error} compact /> : null}
        {found && tried !== draft ? <p className="ht-secondary">{t("try.stale")}</p> : null}
        {trial.data?.member && on === "member" ? <OfMember found={trial.data.member} actions={(tried ?? draft).actions} /> : null}
        {trial.data?.days && on === "days" ? <OfDays found={trial.data.days} /> : null}
      </div>
    </section>
  );
}
