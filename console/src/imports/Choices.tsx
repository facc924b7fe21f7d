/** What has to be chosen before the check, beside the first rows as they will be read. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { MappingFields } from "./MappingFields";
import { PlaceFields } from "./PlaceFields";
import { Preview } from "./Preview";
import { IMPORT, type ImportDetail } from "./queries";
import { ReadingFields } from "./ReadingFields";
import { useChoices } from "./useChoices";

const MISSING = ["community", "group", "time_zone", "date", "date_order", "mapping"] as const;
const isKnown = (name: string): name is (typeof MISSING)[number] => MISSING.some((known) => known === name);

interface ChoicesProps {
  batch: ImportDetail;
  /** Back to a check that still holds, as long as nothing was changed. */
  onKeep?: () => void;
}

export function Choices({ batch, onKeep }: ChoicesProps) {
  const { t } = useTranslation(["imports", "common"]);
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const choices = useChoices(batch);
  const check = $api.useMutation("post", "/api/workspaces/{workspace_id}/imports/{import_id}/check", {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["get", IMPORT] }),
  });
  const missing = batch.missing.filter(isKnown);
  return (
    <>
      <div className="ht-import-choices">
        <div className="ht-stack">
          <section className="ht-card ht-import-fields" aria-labelledby="import-place">
            <h2 id="import-place">{t("place.title")}</h2>
            <PlaceFields batch={batch} choices={choices} />
          </section>
          <section className="ht-card ht-import-fields" aria-labelledby="import-reading">
            <h2 id="import-reading">{t("reading.title")}</h2>
            <ReadingFields batch={batch} choices={choices} />
          </section>
          {batch.detection.columns.length > 0 ? (
            <section className="ht-card ht-import-fields" aria-labelledby="import-mapping">
              <h2 id="import-mapping">{t("mapping.title")}</h2>
              <MappingFields batch={batch} choices={choices} />
            </section>
          ) : null}
        </div>
        <Preview batch={batch} saving={choices.saving} />
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
          {choices.saving ? t("choices.saving") : missing.length > 0 ? t("choices.missing", { what: missing.map((name) => t(`missing.${name}`)).join(t("separator")) }) : t("choices.ready")}
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
