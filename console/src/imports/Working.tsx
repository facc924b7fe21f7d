/** An import at work: how far, how fast, how long still; it goes on without this page. */
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { ErrorState } from "../kit/ErrorState";
import { ProgressPanel, type WorkState } from "../kit/ProgressPanel";
import type { ImportDetail } from "./queries";

const SHOWN: Partial<Record<ImportDetail["state"], WorkState>> = {
  waiting: "waiting",
  cancelling: "cancelling",
};

interface WorkingProps {
  batch: ImportDetail;
  progress: ImportDetail["progress"];
  onMoved: () => void;
}

export function Working({ batch, progress, onMoved }: WorkingProps) {
  const { t } = useTranslation(["imports", "lists", "common"]);
  const path = useWorkspacePath();
  const [asking, setAsking] = useState(false);
  const cancel = $api.useMutation("post", "/api/workspaces/{workspace_id}/imports/{import_id}/cancel", { onSuccess: onMoved });
  const { state, checked } = batch;
  const stop = () => cancel.mutateAsync({ params: { path: { ...path, import_id: batch.id } } });
  const adds = state === "running" || state === "finishing";
  // How far a removal is, nobody knows before it has ended: it is short.
  const total = adds ? (checked?.records ?? batch.table?.checked?.rows ?? null) : null;
  const phase = state === "running" || state === "checking" || state === "waiting" || state === "finishing" || state === "cancelling" || state === "undoing" ? state : "running";
  const count = (value: number | undefined) => formatCount(value ?? 0);
  return (
    <div className="ht-stack">
      <ProgressPanel
        title={t(`working.${phase}`)}
        state={SHOWN[state] ?? "running"}
        done={state === "finishing" ? (total ?? 0) : (progress?.records_read ?? 0)}
        total={total}
        unit={batch.kind === "history" ? t("working.unit") : t("lists:working.unit")}
        {...(state === "checking" && progress ? { percent: progress.percent } : {})}
        rate_per_second={state === "running" || state === "checking" ? progress?.records_per_second : null}
        left_seconds={progress?.seconds_left ?? null}
        onCancel={
          batch.steps.includes("cancel")
            ? () => {
                if (adds) setAsking(true);
                else void stop().catch(() => undefined);
              }
            : undefined
        }
      >
        {adds && progress ? (
          <dl className="ht-import-figures">
            <div>
              <dt>{t("count.added")}</dt>
              <dd>{count(progress.added)}</dd>
            </div>
            <div>
              <dt>{t("count.alreadyThere")}</dt>
              <dd>{count(progress.already_there)}</dd>
            </div>
            <div>
              <dt>{t("count.rejected")}</dt>
              <dd>{count(progress.rejected)}</dd>
            </div>
          </dl>
        ) : null}
        {state === "waiting" ? <p className="ht-secondary">{t("working.queue")}</p> : null}
      </ProgressPanel>
      {cancel.error && !asking ? <ErrorState error={cancel.error} compact /> : null}
      <ConfirmDanger
        open={asking}
        title={t("cancel.title")}
        consequence={<p>{batch.kind === "history" ? t("cancel.body", { shown: count(progress?.added) }) : t("lists:cancel.body")}</p>}
        action={t("cancel.action")}
        onConfirm={async () => {
          await stop();
        }}
        onClose={() => {
          setAsking(false);
        }}
      />
    </div>
  );
}
