/** What is done in a community for whoever is kept waiting. */
import { App, Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { Besides } from "../automation/rules/Besides";
import { Conflicted } from "../automation/shared/Conflicted";
import { errorsOf, NO_ERRORS, stillTrueOfActions, type Errors } from "../automation/shared/errors";
import { useActions } from "../automation/shared/queries";
import { keptActions } from "../automation/shared/settings";
import type { ActionUse } from "../automation/shared/types";
import { ErrorState } from "../kit/ErrorState";
import { savedBy, useMeanwhile } from "../kit/meanwhile";
import { RULES, type AlertRules } from "./queries";
import { useChangeRules } from "./useChangeRules";

interface Draft {
  actions: ActionUse[];
}
const PARTS = [["actions"]] as const;

interface WaitingActionsProps {
  rules: AlertRules;
  onDirty: (community_id: string, isDirty: boolean) => void;
}

export function WaitingActions({ rules: { community, kinds, following, version }, onDirty }: WaitingActionsProps) {
  const { t } = useTranslation(["alerts", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const disabled = !useMay("alerts.manage");
  const { data } = useActions();
  const { draft, setDraft, base, isDirty, conflict, begin, meet } = useMeanwhile<Draft>({ actions: following.actions }, version, PARTS);
  const [errors, setErrors] = useState<Errors>(NO_ERRORS);
  const [failure, setFailure] = useState<unknown>(null);
  const change = useChangeRules(community.id);
  const clear = () => {
    setErrors(NO_ERRORS);
    setFailure(null);
  };
  const put = (whole: Draft) => {
    clear();
    setDraft(whole);
  };
  useEffect(() => {
    onDirty(community.id, isDirty);
    return () => { onDirty(community.id, false); };
  }, [onDirty, community.id, isDirty]);

  async function settle(problem: ApiProblem) {
    const { data: every } = await api.GET(RULES, { params: { path } });
    const latest = every?.items.find((one) => one.community.id === community.id);
    if (latest) meet(savedBy(problem), { actions: latest.following.actions }, latest.version);
  }

  async function save() {
    clear();
    try {
      const saved = await change.mutateAsync({ body: { actions: keptActions(draft.actions, data?.items ?? []) }, from: base });
      if (saved) begin({ actions: saved.following.actions }, saved.version);
      void message.success(t("told.saved"));
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "alert_rules_changed") await settle(error);
      else if (error instanceof ApiProblem && error.errors.length > 0) setErrors(errorsOf(error));
      else setFailure(error);
    }
  }

  const { actions } = draft;
  const isIdle = actions.length > 0 && !kinds.includes("question") && !kinds.includes("newcomer");
  return (
    <Besides
      of="alert_rules"
      value={actions}
      following={following}
      errors={errors}
      disabled={disabled || change.isPending}
      isWithin
      onChange={(next) => {
        setErrors(stillTrueOfActions(errors, { actions }, { actions: next }));
        setDraft({ actions: next });
      }}
    >
      {isIdle ? <p role="note">{t("rules.idle")}</p> : null}
      {conflict ? <Conflicted conflict={conflict} draft={draft} onTake={put} /> : null}
      {failure === null ? null : <ErrorState error={failure} compact />}
      {isDirty ? (
        <div className="ht-alert-save">
          <Button type="primary" loading={change.isPending} onClick={() => void save()}>{t("told.save")}</Button>
          <Button onClick={() => { clear(); begin(base.draft, base.version); }}>{t("common:cancel")}</Button>
        </div>
      ) : null}
    </Besides>
  );
}
