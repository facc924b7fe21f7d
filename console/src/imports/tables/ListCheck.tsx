/** What a list would do, before anything is written, and the button that starts it. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useWorkspacePath } from "../../app/session";
import { formatCount } from "../../format/numbers";
import { ErrorState } from "../../kit/ErrorState";
import { KeepGoodRows } from "../KeepGoodRows";
import type { ImportDetail } from "../queries";
import { Rejects } from "../Rejects";
import { changesOf, ListCounts, useableRows } from "./ListCounts";

interface ListCheckProps {
  batch: ImportDetail;
  onChange: () => void;
  onStarted: () => void;
}

export function ListCheck({ batch, onChange, onStarted }: ListCheckProps) {
  const { t } = useTranslation(["lists", "imports", "common"]);
  const path = useWorkspacePath();
  const params = { params: { path: { ...path, import_id: batch.id } } };
  const run = $api.useMutation("post", "/api/workspaces/{workspace_id}/imports/{import_id}/run", { onSuccess: onStarted });
  const counts = batch.table?.checked;
  if (!counts) return null;
  const useable = useableRows(counts);
  const title =
    useable === 0
      ? t("check.nothing")
      : changesOf(batch.kind, counts) === 0
        ? t("check.same")
        : batch.kind === "orders"
          ? t("check.orders", { added: formatCount(changesOf(batch.kind, counts)) })
          : t("check.members", { made: formatCount(counts.made), updated: formatCount(counts.updated) });
  const listed = counts.rejected + counts.cells;
  return (
    <div className="ht-stack">
      <section className="ht-card ht-import-result">
        <div role="status">
          <h2>{title}</h2>
        </div>
        <p className="ht-secondary">{t(useable === 0 ? "check.nothingBody" : "check.nothingWritten")}</p>
        <ListCounts batch={batch} counts={counts} />
      </section>
      {listed > 0 ? <Rejects batch={batch} count={listed} title={t("reject.title", { count: listed, shown: formatCount(listed) })} reasons={counts.reasons} /> : null}
      <div className="ht-import-bar">
        {counts.rejected > 0 ? <KeepGoodRows batch={batch} label={t("check.keepGood")} /> : null}
        {run.error ? <ErrorState error={run.error} compact /> : null}
        <span className="ht-import-bar-end">
          <Button onClick={onChange}>{t("imports:check.back")}</Button>
          <Button
            type="primary"
            loading={run.isPending}
            disabled={useable === 0 || (counts.rejected > 0 && !batch.keep_good_rows)}
            onClick={() => {
              run.mutate(params);
            }}
          >
            {t("check.run", { shown: formatCount(useable) })}
          </Button>
        </span>
      </div>
    </div>
  );
}
