/** What is watched for in each community, kept at once as it is changed; what is done for whoever waits is saved when it is written. */
import { useLocation } from "@tanstack/react-router";
import { App, Checkbox, InputNumber, Segmented, Skeleton } from "antd";
import { useCallback, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../api/problem";
import { useMay } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { Leaving } from "../kit/Leaving";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { useGroups } from "../reports/ReportFilterBar";
import { useRules, type AlertRules } from "./queries";
import { useChangeRules, type RulesChange } from "./useChangeRules";
import { WaitingActions } from "./WaitingActions";

const SENSITIVITIES = ["low", "normal", "high"] as const;
const GROUP_KINDS = ["quiet", "spike", "question", "newcomer"] as const;
const MINUTES_MIN = 15;
const MINUTES_MAX = 720;

function Minutes({ label, value, disabled, onKept }: { label: string; value: number; disabled: boolean; onKept: (minutes: number) => Promise<boolean> }) {
  const { t } = useTranslation(["alerts", "common"]);
  const id = useId();
  const [typed, setTyped] = useState<number | null>(value);
  const [refused, setRefused] = useState(false);
  return (
    <span className="ht-alert-minutes">
      <label htmlFor={id}>{label}</label>
      <InputNumber
        id={id}
        precision={0}
        value={typed}
        disabled={disabled}
        onChange={(minutes) => {
          setTyped(minutes);
          setRefused(false);
        }}
        onBlur={async () => {
          if (typed === null) setTyped(value);
          else if (typed < MINUTES_MIN || typed > MINUTES_MAX) setRefused(true);
          else if (typed !== value && !(await onKept(typed))) setTyped(value);
        }}
        {...(refused ? { status: "error", "aria-invalid": true, "aria-describedby": `${id}-refused` } : {})}
      />
      {refused ? <p id={`${id}-refused`} className="ht-field-error" role="alert">{t("rules.minutes", { min: MINUTES_MIN, max: MINUTES_MAX })}</p> : null}
    </span>
  );
}

interface CommunityProps {
  rules: AlertRules;
  /** The address names it. */
  isMeant: boolean;
  /** Whether it has actions that are not saved. */
  onDirty: (community_id: string, isDirty: boolean) => void;
}

function Community({ rules, isMeant, onDirty }: CommunityProps) {
  const { t } = useTranslation(["alerts", "common"]);
  const { message } = App.useApp();
  const id = useId();
  const mayManage = useMay("alerts.manage");
  const { community } = rules;
  const { groups, loading } = useGroups(community.id);
  const change = useChangeRules(community.id);
  /** Whether it was kept. */
  async function keep(body: RulesChange): Promise<boolean> {
    try {
      await change.mutateAsync({ body });
      return true;
    } catch (problem) {
      void message.error(problem instanceof ApiProblem ? (problem.errors[0]?.message ?? problem.detail) : t("rules.failed"));
      return false;
    }
  }
  return (
    <section id={community.id} className="ht-card ht-stack" tabIndex={-1} aria-labelledby={id} {...(isMeant ? { "aria-current": "location" } : {})}>
      <h2 id={id}><SafeText text={community.name} /></h2>
      <div className="ht-alert-rules">
        <div>
          <span className="ht-field-label" id={`${id}-sensitivity`}>{t("rules.sensitivity")}</span>
          <Segmented<AlertRules["sensitivity"]>
            aria-labelledby={`${id}-sensitivity`}
            value={rules.sensitivity}
            disabled={!mayManage}
            options={SENSITIVITIES.map((value) => ({ value, label: t(`sensitivity.${value}`) }))}
            onChange={(sensitivity) => { void keep({ sensitivity }); }}
          />
        </div>
        <fieldset>
          <legend className="ht-field-label">{t("rules.kinds")}</legend>
          <Checkbox.Group
            value={rules.kinds}
            disabled={!mayManage}
            options={GROUP_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            onChange={(kinds) => { void keep({ kinds }); }}
          />
        </fieldset>
        <div className="ht-alert-waits">
          <Minutes key={`question:${rules.question_minutes}`} label={t("rules.question")} value={rules.question_minutes} disabled={!mayManage} onKept={(question_minutes) => keep({ question_minutes })} />
          <Minutes key={`newcomer:${rules.newcomer_minutes}`} label={t("rules.newcomer")} value={rules.newcomer_minutes} disabled={!mayManage} onKept={(newcomer_minutes) => keep({ newcomer_minutes })} />
        </div>
        <div>
          <label htmlFor={`${id}-muted`} className="ht-field-label">{t("rules.muted")}</label>
          <Select
            id={`${id}-muted`}
            className="ht-wide"
            mode="multiple"
            disabled={!mayManage}
            loading={loading}
            value={rules.muted_group_ids}
            placeholder={t("rules.noneMuted")}
            showSearch={{ optionFilterProp: "label" }}
            options={groups.map(({ id: value, name }) => ({ value, label: plainText(name) }))}
            onChange={(muted_group_ids) => { void keep({ muted_group_ids }); }}
          />
        </div>
      </div>
      <WaitingActions rules={rules} onDirty={onDirty} />
    </section>
  );
}

export function RulesTab() {
  const { t } = useTranslation(["alerts", "common"]);
  const [dirty, setDirty] = useState<readonly string[]>([]);
  const onDirty = useCallback((community_id: string, isDirty: boolean) => {
    setDirty((had) => [...had.filter((one) => one !== community_id), ...(isDirty ? [community_id] : [])]);
  }, []);
  const { data, error, refetch } = useRules();
  const meant = useLocation({ select: ({ hash }) => hash });
  const isThere = data !== undefined;
  useEffect(() => {
    if (!isThere || meant === "") return;
    const place = document.getElementById(meant);
    place?.scrollIntoView({ block: "start" });
    place?.focus({ preventScroll: true });
  }, [isThere, meant]);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <div className="ht-card" role="status" aria-label={t("common:loading")}><Skeleton active paragraph={{ rows: 5 }} /></div>;
  return (
    <>
      <p className="ht-secondary">{t("rules.about")}</p>
      {data.items.map((rules) => <Community key={rules.community.id} rules={rules} isMeant={rules.community.id === meant} onDirty={onDirty} />)}
      {data.items.length === 0 ? <p className="ht-card ht-secondary">{t("rules.none")}</p> : null}
      <Leaving isDirty={dirty.length > 0} />
    </>
  );
}
