/** What has to be chosen before a list is checked, beside its first rows. */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useWorkspacePath } from "../../app/session";
import { ErrorState } from "../../kit/ErrorState";
import { IMPORT, type ImportDetail } from "../queries";
import { ListColumns } from "./ListColumns";
import { ListPreview } from "./ListPreview";
import { MatchRules, OrderRules, ReadingRules } from "./ListRules";
import { useListChoices } from "./useListChoices";
import { useMissing } from "./useMissing";

export function ListChoices({ batch, onKeep }: { batch: ImportDetail; onKeep?: () => void }) {
  const { t } = useTranslation(["imports", "common"]);
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const choices = useListChoices(batch);
  const missing = useMissing(batch);
  const check = $api.useMutation("post", "/api/workspaces/{workspace_id}/imports/{import_id}/check", {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["get", IMPORT] }),
  });
  return (
    <>
      <div className="ht-import-choices">
        <div className="ht-stack">
          <ListColumns batch={batch} choices={choices} />
          {batch.kind === "orders" ? <OrderRules batch={batch} choices={choices} /> : null}
          <MatchRules batch={batch} choices={choices} />
          <ReadingRules batch={batch} choices={choices} />
        </div>
        <ListPreview batch={batch} mapping={choices.table.mapping} saving={choices.saving} />
      </div>
      <div className="ht-import-bar">
        {batch.error ? (
          <p role="alert" className="ht-field-said">
            {batch.error.message}
          </p>
        ) : null}
        {choices.error ? <ErrorState error={choices.error} compact /> : null}
        {check.error ? <ErrorState error={check.error} compact /> : null}
        <span className="ht-secondary" role="status">
          {choices.saving ? t("choices.saving") : missing.length > 0 ? t("choices.missing", { what: missing.join(t("separator")) }) : t("choices.ready")}
        </span>
        <span className="ht-import-bar-end">
          {onKeep ? <Button onClick={onKeep}>{t("choices.keep")}</Button> : null}
          <Button
            type="primary"
            disabled={missing.length > 0}
            loading={check.isPending}
            onClick={async () => {
              if (await choices.settled()) check.mutate({ params: { path: { ...path, import_id: batch.id } } });
            }}
          >
            {t("choices.check")}
          </Button>
        </span>
      </div>
    </>
  );
}
