/** What is done in a community for whoever is kept waiting. */
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { Besides } from "../automation/rules/Besides";
import { errorsOf, NO_ERRORS, stillTrueOfActions, type Errors } from "../automation/shared/errors";
import { useActions } from "../automation/shared/queries";
import { keptActions, sameActions } from "../automation/shared/settings";
import type { ActionUse } from "../automation/shared/types";
import { ErrorState } from "../kit/ErrorState";
import { RULE, useAlertsChanged, type AlertRules } from "./queries";

interface WaitingActionsProps {
  rules: AlertRules;
  /** Not saved; undefined: nothing is. */
  draft: ActionUse[] | undefined;
  onDraft: (actions: ActionUse[] | undefined) => void;
}

export function WaitingActions({ rules: { community, kinds, following }, draft, onDraft }: WaitingActionsProps) {
  const { t } = useTranslation(["alerts", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const disabled = !useMay("alerts.manage");
  const changed = useAlertsChanged();
  const { data } = useActions();
  const [errors, setErrors] = useState<Errors>(NO_ERRORS);
  const [failure, setFailure] = useState<unknown>(null);
  const clear = () => {
    setErrors(NO_ERRORS);
    setFailure(null);
  };
  const save = $api.useMutation("patch", RULE, {
    onMutate: clear,
    async onSuccess() {
      await changed();
      onDraft(undefined);
      void message.success(t("told.saved"));
    },
    onError(error: unknown) {
      if (error instanceof ApiProblem && error.errors.length > 0) setErrors(errorsOf(error));
      else setFailure(error);
    },
  });
  const actions = draft ?? following.actions;
  const isIdle = actions.length > 0 && !kinds.includes("question") && !kinds.includes("newcomer");
  return (
    <Besides
      of="alert_rules"
      value={actions}
      following={following}
      errors={errors}
      disabled={disabled || save.isPending}
      isWithin
      onChange={(next) => {
        setErrors(stillTrueOfActions(errors, { actions }, { actions: next }));
        onDraft(sameActions(next, following.actions) ? undefined : next);
      }}
    >
      {isIdle ? <p role="note">{t("rules.idle")}</p> : null}
      {failure === null ? null : <ErrorState error={failure} compact />}
      {draft ? (
        <div className="ht-alert-save">
          <Button
            type="primary"
            loading={save.isPending}
            onClick={() => { save.mutate({ params: { path: { ...path, community_id: community.id } }, body: { actions: keptActions(draft, data?.items ?? []) } }); }}
          >
            {t("told.save")}
          </Button>
          <Button
            onClick={() => {
              clear();
              onDraft(undefined);
            }}
          >
            {t("common:cancel")}
          </Button>
        </div>
      ) : null}
    </Besides>
  );
}
