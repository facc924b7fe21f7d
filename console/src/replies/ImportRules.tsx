/** Rules from a file: checked line by line first, then taken in whole, or not at all. */
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { ProgressPanel, type WorkState } from "../kit/ProgressPanel";
import { SafeText } from "../kit/SafeText";
import { UploadDrop } from "../kit/UploadDrop";
import { FILES, isUnderWay, TAKE_IN, useRuleFile, useRulesChanged, exportAddress, type RuleFile } from "./queries";

const FILE_BYTES_MAX = 20 * 1024 * 1024;
const WORK: Record<RuleFile["state"], WorkState> = { waiting: "waiting", checking: "running", refused: "failed", checked: "done", running: "running", done: "done", failed: "failed" };

function Errors({ file }: { file: RuleFile }) {
  const { t } = useTranslation(["replies", "common"]);
  const language = useLanguage();
  const more = file.errors_count - file.errors.length;
  return (
    <div className="ht-rule-errors" tabIndex={0} role="region" aria-label={t("files.errors")}>
      <ul>
        {file.errors.map((one, index) => (
          <li key={index}>
            {one.line > 0 ? <strong>{t("files.line", { line: one.line })}{one.column ? ` · ${t(`files.column.${one.column}`, { defaultValue: one.column })}` : ""}</strong> : null} <SafeText text={one[language]} />
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="ht-secondary">{t("files.moreErrors", { count: more, shown: formatCount(more) })}</p> : null}
    </div>
  );
}

function Taking({ id, onAgain, onClose }: { id: string; onAgain: () => void; onClose: () => void }) {
  const { t } = useTranslation(["replies", "common"]);
  const path = useWorkspacePath();
  const changed = useRulesChanged();
  const { data: file, error, refetch } = useRuleFile(id);
  const take = $api.useMutation("put", TAKE_IN, {
    async onSuccess() {
      await refetch();
    },
  });
  if (!file) return error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : <ProgressPanel title={t("files.checking")} state="waiting" done={0} total={null} unit={t("files.unit")} />;
  if (isUnderWay(file))
    return <ProgressPanel title={t(file.state === "running" ? "files.taking" : "files.checking")} state={WORK[file.state]} done={file.rows_done} total={file.rows_total || null} unit={t("files.unit")} />;
  const counts = { added: formatCount(file.added), changed: formatCount(file.changed) };
  return (
    <div className="ht-stack" role="status">
      {file.state === "checked" ? (
        <p>{t("files.checked", counts)}</p>
      ) : file.state === "done" ? (
        <p>{t("files.done", counts)}</p>
      ) : (
        <>
          <p>{t(file.state === "failed" ? "files.failed" : "files.refused", { count: file.errors_count, shown: formatCount(file.errors_count) })}</p>
          {file.errors.length > 0 ? <Errors file={file} /> : null}
        </>
      )}
      {take.error ? <ErrorState error={take.error} compact /> : null}
      <div className="ht-danger-foot">
        {file.state === "checked" ? (
          <>
            <Button onClick={onClose}>{t("common:cancel")}</Button>
            <Button type="primary" loading={take.isPending} onClick={() => { take.mutate({ params: { path: { ...path, reply_file_id: id } } }); }}>{t("files.take")}</Button>
          </>
        ) : file.state === "done" ? (
          <Button type="primary" onClick={() => { onClose(); void changed(); }}>{t("files.close")}</Button>
        ) : (
          <Button type="primary" onClick={onAgain}>{t("files.again")}</Button>
        )}
      </div>
    </div>
  );
}

export function ImportRules({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["replies", "common"]);
  const path = useWorkspacePath();
  const [id, setId] = useState<string | null>(null);
  const upload = $api.useMutation("post", FILES, {
    onSuccess(made) {
      setId(made.id);
    },
  });
  return (
    <Modal open title={t("files.importTitle")} onCancel={onClose} footer={null} width={560} destroyOnHidden>
      {id === null ? (
        <div className="ht-stack">
          <p className="ht-secondary">{t("files.about")}</p>
          <UploadDrop
            label={t("files.file")}
            accept=".csv,.xlsx"
            size_bytes_max={FILE_BYTES_MAX}
            disabled={upload.isPending}
            hint={t("files.hint")}
            onFiles={([file]) => {
              if (!file) return;
              const body = new FormData();
              body.append("file", file, file.name);
              upload.mutate({ params: { path }, body: body as never });
            }}
          />
          <p><a href={exportAddress(path.workspace_id, "csv")} download>{t("files.sample")}</a></p>
          {upload.error ? <ErrorState error={upload.error} compact /> : null}
        </div>
      ) : (
        <Taking id={id} onAgain={() => { setId(null); }} onClose={onClose} />
      )}
    </Modal>
  );
}
