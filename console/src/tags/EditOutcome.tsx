/** One bulk edit at work, and what came of it; from here it is cancelled or undone. */
import { App, Button, Popconfirm } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../api/problem";
import { useMay } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { ProgressPanel, type WorkState } from "../kit/ProgressPanel";
import { EditWhat } from "./editWords";
import { isLive, useEdit, useEditActs, type Edit } from "./queries";

const WORK: Record<Edit["state"], WorkState> = { running: "running", undoing: "running", done: "done", undone: "done", cancelled: "cancelled", failed: "failed" };

export function EditCounts({ edit }: { edit: Edit }) {
  const { t } = useTranslation(["tags", "common"]);
  const { members_changed, members_restored, members_kept, state } = edit;
  if (state === "undone" || state === "undoing")
    return (
      <>
        {t("edit.restored", { count: members_restored, shown: formatCount(members_restored) })}
        {members_kept > 0 ? t("edit.kept", { count: members_kept, shown: formatCount(members_kept) }) : null}
      </>
    );
  return <>{t("edit.changed", { count: members_changed, shown: formatCount(members_changed) })}</>;
}

/** Asks before it undoes. */
export function UndoEdit({ edit, small = false }: { edit: Edit; small?: boolean }) {
  const { t } = useTranslation(["tags", "common"]);
  const { message } = App.useApp();
  const acts = useEditActs();
  const may = useMay("members.edit_many");
  if (!may || edit.undo_until === null) return null;
  return (
    <Popconfirm
      title={t("edit.undoTitle")}
      description={<span className="ht-edit-question">{t("edit.undoBody", { count: edit.members_changed, shown: formatCount(edit.members_changed) })}</span>}
      okText={t("edit.undo")}
      cancelText={t("common:cancel")}
      onConfirm={() =>
        acts.undo(edit.id).catch((error: unknown) => {
          void message.error(error instanceof ApiProblem ? error.detail : t("edit.notUndone"));
        })
      }
    >
      <Button {...(small ? { type: "link", size: "small" } : {})} loading={acts.isPending}>
        {t("edit.undo")}
      </Button>
    </Popconfirm>
  );
}

export function EditOutcome({ edit_id }: { edit_id: string }) {
  const { t } = useTranslation(["tags", "common"]);
  const { message } = App.useApp();
  const { data: edit, error, refetch } = useEdit(edit_id);
  const { cancel, forget } = useEditActs();
  const was = useRef<Edit["state"] | undefined>(undefined);
  const state = edit?.state;
  useEffect(() => {
    if (was.current !== undefined && was.current !== state && (state === "done" || state === "undone" || state === "cancelled")) void forget();
    was.current = state;
  });
  if (!edit) return error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : null;
  return (
    <ProgressPanel
      title={t(edit.state === "undoing" || edit.state === "undone" ? "edit.undoing" : "edit.one")}
      state={WORK[edit.state]}
      done={edit.state === "undoing" ? edit.members_restored + edit.members_kept : edit.members_seen}
      total={edit.state === "undoing" ? edit.members_changed : edit.members_total}
      unit={t("edit.unit")}
      onCancel={
        edit.state === "running"
          ? () => {
              cancel(edit.id).catch((problem: unknown) => {
                void message.error(problem instanceof ApiProblem ? problem.detail : t("edit.notCancelled"));
              });
            }
          : undefined
      }
    >
      <p><EditWhat edit={edit} /></p>
      {isLive(edit) ? null : <p role="status"><EditCounts edit={edit} /></p>}
      {edit.state === "failed" ? <p role="alert">{t("edit.died")}</p> : null}
      <UndoEdit edit={edit} />
    </ProgressPanel>
  );
}
