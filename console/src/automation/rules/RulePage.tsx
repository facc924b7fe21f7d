/** A rule, new or there: when, if, then and how often at the left; the rule in words and a trial at the right; who met it in a tab. What belongs to something else is only read. */
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { usePageName } from "../../app/usePageName";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { draftOf, draftOfPreset, emptyDraft } from "./draft";
import { Editing } from "./Editing";
import { BLANK, parseNewRuleSearch, parseRuleSearch } from "./filters";
import { Followed } from "./Followed";
import { Gallery } from "./Gallery";
import { usePresets, useRule, type Preset, type Rule } from "./queries";
import "../../members/members.css";
import "./rules.css";

function Waiting({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(["automation", "common"]);
  return (
    <div className="ht-page">
      {error ? (
        <ErrorState error={error} onRetry={onRetry} />
      ) : (
        <div className="ht-rule-edit" role="status" aria-label={t("common:loading")}>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 12 }} /></div>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 6 }} /></div>
        </div>
      )}
    </div>
  );
}

const NOTHING_NEEDED: readonly string[] = [];

function Begun({ preset }: { preset: Preset | null }) {
  const language = useLanguage();
  const { workspace } = useSession();
  const [start] = useState(() => (preset ? draftOfPreset(preset, language) : emptyDraft(workspace.time_zone)));
  return <Editing rule={null} start={start} preset={preset?.key ?? ""} needs={preset?.needs ?? NOTHING_NEEDED} />;
}

function FromPreset({ name }: { name: string }) {
  const { t } = useTranslation(["automation", "common"]);
  const { data, error, refetch } = usePresets();
  const preset = data?.items.find(({ key }) => key === name);
  if (preset) return <Begun preset={preset} />;
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  return (
    <div className="ht-page">
      <div className="ht-card ht-empty">
        <h2>{t("preset.unknown")}</h2>
        <Link to="/automation/rules/new" search={(previous) => ({ ...previous, preset: undefined })}>{t("preset.toAll")}</Link>
      </div>
    </div>
  );
}

export function NewRulePage() {
  const { preset } = parseNewRuleSearch(useSearch({ from: "/_in/automation/rules/new" }));
  if (preset === undefined) return <Gallery />;
  return preset === BLANK ? <Begun key={preset} preset={null} /> : <FromPreset key={preset} name={preset} />;
}

function Loaded({ rule }: { rule: Rule }) {
  const search = parseRuleSearch(useSearch({ from: "/_in/automation/rules/$ruleId" }));
  const start = useMemo(() => draftOf(rule), [rule]);
  if (rule.follows !== "") return <Followed rule={rule} start={start} search={search} />;
  return <Editing rule={rule} start={start} preset={rule.preset} needs={NOTHING_NEEDED} search={search} />;
}

export function RulePage() {
  const { ruleId } = useParams({ from: "/_in/automation/rules/$ruleId" });
  const { data, error, refetch } = useRule(ruleId);
  usePageName(data?.name);
  if (data) return <Loaded key={data.id} rule={data} />;
  return <Waiting error={error} onRetry={() => void refetch()} />;
}
