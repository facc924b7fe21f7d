/** How an import ended, where its numbers are, and the way back. */
import { CheckCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ButtonLink } from "../app/ButtonLink";
import { useSession, useWorkspacePath } from "../app/session";
import { formatDateTime, formatDuration } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { ErrorState } from "../kit/ErrorState";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import type { ImportDetail } from "./queries";
import { Rejects } from "./Rejects";

interface ResultProps {
  batch: ImportDetail;
  onMoved: () => void;
}

/** The way back; `consequence` where it is another than of a history. */
export function Undo({ batch, onMoved, consequence }: ResultProps & { consequence?: string }) {
  const { t } = useTranslation(["imports", "common"]);
  const path = useWorkspacePath();
  const [asking, setAsking] = useState(false);
  const undo = $api.useMutation("post", "/api/workspaces/{workspace_id}/imports/{import_id}/undo", { onSuccess: onMoved });
  if (!batch.steps.includes("undo")) return null;
  return (
    <>
      <Button
        danger
        onClick={() => {
          setAsking(true);
        }}
      >
        {t("undo.action")}
      </Button>
      <ConfirmDanger
        open={asking}
        title={t("undo.title")}
        consequence={
          <>
            <p>{consequence ?? t("undo.body", { shown: formatCount(batch.progress?.added ?? 0) })}</p>
            <p className="ht-secondary">{t("undo.again")}</p>
          </>
        }
        action={t("undo.action")}
        onConfirm={async () => {
          await undo.mutateAsync({ params: { path: { ...path, import_id: batch.id } } });
        }}
        onClose={() => {
          setAsking(false);
        }}
      />
    </>
  );
}

export function Result({ batch, onMoved }: ResultProps) {
  const { t } = useTranslation(["imports", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const { progress, checked, community } = batch;
  const figures = [
    { key: "added", value: progress?.added ?? 0 },
    { key: "alreadyThere", value: progress?.already_there ?? 0 },
    { key: "rejected", value: progress?.rejected ?? 0 },
  ] as const;
  return (
    <div className="ht-stack">
      <section className="ht-card ht-import-result">
        <div role="status">
          <h2>
            <CheckCircleFilled aria-hidden className="ht-import-good" />{" "}
            {progress?.added === 0 ? (
              t("result.nothingNew")
            ) : (
              <Phrase text={t("result.title", { shown: formatCount(progress?.added ?? 0), community: slot(0) })} parts={[<SafeText key="community" text={community?.name ?? ""} />]} />
            )}
          </h2>
        </div>
        <dl className="ht-import-figures">
          {figures.map(({ key, value }) => (
            <div key={key}>
              <dt>{t(`count.${key}`)}</dt>
              <dd>{formatCount(value)}</dd>
            </div>
          ))}
          {checked ? (
            <div>
              <dt>{t("count.members")}</dt>
              <dd>{formatCount(checked.members)}</dd>
            </div>
          ) : null}
        </dl>
        <p className="ht-secondary">
          {t("result.took", { at: formatDateTime(batch.finished_at, workspace.time_zone, language), time: formatDuration(progress?.seconds ?? null, language) })}
        </p>
        <div className="ht-import-actions">
          {community ? (
            <>
              <ButtonLink to="/" search={{ community: community.id }} type="primary">
                {t("result.numbers")}
              </ButtonLink>
              <ButtonLink to="/members" search={{ community: community.id }}>
                {t("result.members")}
              </ButtonLink>
            </>
          ) : null}
          <ButtonLink to="/communities/import">{t("another")}</ButtonLink>
          <Undo batch={batch} onMoved={onMoved} />
        </div>
      </section>
      {checked && checked.rejected > 0 ? <Rejects batch={batch} count={checked.rejected} /> : null}
    </div>
  );
}

export function Stopped({ batch, onMoved }: ResultProps) {
  const { t } = useTranslation(["imports", "lists", "common"]);
  const path = useWorkspacePath();
  const params = { params: { path: { ...path, import_id: batch.id } } };
  const run = $api.useMutation("post", "/api/workspaces/{workspace_id}/imports/{import_id}/run", { onSuccess: onMoved });
  const cancel = $api.useMutation("post", "/api/workspaces/{workspace_id}/imports/{import_id}/cancel", { onSuccess: onMoved });
  const error = run.error ?? cancel.error;
  return (
    <section className="ht-error" role="alert">
      <h2>{t("failed.title")}</h2>
      <p>{batch.error?.message}</p>
      <p className="ht-secondary">
        {batch.kind === "history" ? t("failed.safe", { shown: formatCount(batch.progress?.added ?? 0) }) : t("lists:failed.safe", { shown: formatCount(batch.table?.result?.rows ?? 0) })}
      </p>
      <div className="ht-error-foot">
        {batch.steps.includes("run") ? (
          <Button
            type="primary"
            loading={run.isPending}
            onClick={() => {
              run.mutate(params);
            }}
          >
            {t("failed.continue")}
          </Button>
        ) : null}
        {batch.steps.includes("cancel") ? (
          <Button
            loading={cancel.isPending}
            onClick={() => {
              cancel.mutate(params);
            }}
          >
            {t("failed.cancel")}
          </Button>
        ) : null}
      </div>
      {error ? <ErrorState error={error} compact /> : null}
    </section>
  );
}

export function Removed({ batch }: { batch: ImportDetail }) {
  const { t } = useTranslation(["imports", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  return (
    <section className="ht-card ht-import-result">
      <div role="status">
        <h2>{t(batch.state === "undone" ? "removed.undone" : "removed.cancelled")}</h2>
      </div>
      <p>{t("removed.body")}</p>
      {batch.finished_at ? <p className="ht-secondary">{formatDateTime(batch.finished_at, workspace.time_zone, language)}</p> : null}
      <div className="ht-import-actions">
        <ButtonLink to="/communities/import" type="primary">
          {t("another")}
        </ButtonLink>
      </div>
    </section>
  );
}
