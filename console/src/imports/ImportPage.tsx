/** One import, from what was found in the files to the numbers; wherever it is, the page shows that. */
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button, Skeleton, Steps } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { usePageName } from "../app/usePageName";
import { usePhone } from "../design/useMedia";
import { formatBytes } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { ErrorState } from "../kit/ErrorState";
import { GuideLink } from "../kit/GuideLink";
import { PageHeader } from "../kit/PageHeader";
import { SafeText } from "../kit/SafeText";
import { CheckResult } from "./CheckResult";
import { Choices } from "./Choices";
import { guidePage } from "./FormatHelp";
import { useImport, type ImportDetail, type ImportState } from "./queries";
import { Removed, Result, Stopped } from "./Result";
import { StateTag } from "./StateTag";
import { ListCheck } from "./tables/ListCheck";
import { ListChoices } from "./tables/ListChoices";
import { ListRemoved, ListResult } from "./tables/ListResult";
import { Working } from "./Working";
import "./imports.css";

const STEP_OF: Record<ImportState, number> = {
  uploaded: 0,
  checking: 1,
  checked: 1,
  waiting: 2,
  running: 2,
  finishing: 2,
  failed: 2,
  cancelling: 2,
  cancelled: 2,
  undoing: 3,
  undone: 3,
  done: 3,
};

function Body({ batch, progress, onRefresh }: { batch: ImportDetail; progress: ImportDetail["progress"]; onRefresh: () => void }) {
  const [changing, setChanging] = useState(false);
  const isList = batch.kind !== "history";
  const Choosing = isList ? ListChoices : Choices;
  const Checked = isList ? ListCheck : CheckResult;
  switch (batch.state) {
    case "uploaded":
      return <Choosing batch={batch} />;
    case "checked":
      return changing ? (
        <Choosing
          batch={batch}
          onKeep={() => {
            setChanging(false);
          }}
        />
      ) : (
        <Checked
          batch={batch}
          onChange={() => {
            setChanging(true);
          }}
          onStarted={onRefresh}
        />
      );
    case "checking":
    case "waiting":
    case "running":
    case "finishing":
    case "cancelling":
    case "undoing":
      return <Working batch={batch} progress={progress} onMoved={onRefresh} />;
    case "failed":
      return <Stopped batch={batch} onMoved={onRefresh} />;
    case "done":
      return isList ? <ListResult batch={batch} onMoved={onRefresh} /> : <Result batch={batch} onMoved={onRefresh} />;
    case "cancelled":
    case "undone":
      return isList ? <ListRemoved batch={batch} /> : <Removed batch={batch} />;
  }
}

function Discard({ batch }: { batch: ImportDetail }) {
  const { t } = useTranslation(["imports", "common"]);
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const discard = $api.useMutation("delete", "/api/workspaces/{workspace_id}/imports/{import_id}", {
    onSuccess: () => navigate({ to: "/communities/import" }),
  });
  if (!batch.steps.includes("discard")) return null;
  return (
    <>
      <Button
        onClick={() => {
          setAsking(true);
        }}
      >
        {t("discard.action")}
      </Button>
      <ConfirmDanger
        open={asking}
        title={t("discard.title")}
        consequence={<p>{t(batch.state === "uploaded" || batch.state === "checked" ? "discard.files" : "discard.record", { count: batch.file_count })}</p>}
        action={t("discard.action")}
        onConfirm={async () => {
          await discard.mutateAsync({ params: { path: { ...path, import_id: batch.id } } });
        }}
        onClose={() => {
          setAsking(false);
        }}
      />
    </>
  );
}

export function ImportPage() {
  const { t } = useTranslation(["imports", "common"]);
  const { importId } = useParams({ from: "/_in/communities/import/$importId" });
  const phone = usePhone();
  const { batch, progress, error, pollError, refetch } = useImport(importId);
  usePageName(batch?.files[0]?.name);
  const refresh = () => void refetch();
  const more = batch ? batch.file_count - 1 : 0;
  return (
    <div className="ht-page" key={importId}>
      <PageHeader
        back={<Link to="/communities/import">{t("back")}</Link>}
        title={
          batch ? (
            <>
              <SafeText text={batch.files[0]?.name} />
              {more > 0 ? <span className="ht-secondary ht-import-more"> {t("history.moreFiles", { count: more })}</span> : null}
            </>
          ) : (
            t("one")
          )
        }
        badge={batch ? <StateTag batch={{ state: batch.state, progress: null }} /> : null}
        description={
          batch ? (
            <>
              {batch.title} · {formatBytes(batch.bytes)} · <GuideLink page={batch.kind === "history" ? guidePage(batch.format) : "import/lists"} />
            </>
          ) : undefined
        }
        actions={batch ? <Discard batch={batch} /> : null}
      />
      {batch ? (
        <>
          {phone ? (
            <p className="ht-secondary ht-import-step">{t("step.of", { step: STEP_OF[batch.state] + 1, total: 4, name: t(`step.${STEP_OF[batch.state] as 0 | 1 | 2 | 3}`) })}</p>
          ) : (
            <Steps
              className="ht-import-steps"
              size="small"
              current={STEP_OF[batch.state]}
              status={batch.state === "failed" ? "error" : batch.state === "done" ? "finish" : "process"}
              items={([0, 1, 2, 3] as const).map((step) => ({ title: t(`step.${step}`) }))}
            />
          )}
          <Body batch={batch} progress={progress ?? null} onRefresh={refresh} />
          {pollError ? <ErrorState error={pollError} onRetry={refresh} compact /> : null}
        </>
      ) : error ? (
        <ErrorState error={error} onRetry={refresh} />
      ) : (
        <div className="ht-card" role="status" aria-label={t("common:loading")}>
          <Skeleton active title={false} paragraph={{ rows: 12 }} />
        </div>
      )}
    </div>
  );
}
