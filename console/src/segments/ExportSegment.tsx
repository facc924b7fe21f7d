/** A segment's members as a file: made in the background with its progress, then taken from here. */
import { Button, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { ProgressPanel, type WorkState } from "../kit/ProgressPanel";
import { exportFileAddress, useCancelExport, useExport, useStartExport, type Segment } from "./queries";

const FORMATS = ["xlsx", "csv"] as const;
type Format = (typeof FORMATS)[number];

function Making({ id }: { id: string }) {
  const { t } = useTranslation(["segments", "common"]);
  const path = useWorkspacePath();
  const { data, error, refetch } = useExport(id);
  const cancel = useCancelExport();
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} compact />;
  const state: WorkState = data === undefined ? "waiting" : data.state === "expired" ? "cancelled" : data.state;
  return (
    <div className="ht-stack">
      <ProgressPanel
        title={t("export.title")}
        state={state}
        done={data?.members_written ?? 0}
        total={data?.members_total ?? null}
        unit={t("export.unit")}
        onCancel={() => {
          cancel.mutate({ params: { path: { ...path, export_id: id } } }, { onSuccess: () => void refetch() });
        }}
      />
      {data?.state === "done" ? (
        <>
          <Button type="primary" href={exportFileAddress(path.workspace_id, id)} download>
            {t("export.take")}
          </Button>
          <p className="ht-secondary">{t("export.kept")}</p>
        </>
      ) : null}
    </div>
  );
}

export function ExportSegment({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const path = useWorkspacePath();
  const [format, setFormat] = useState<Format>("xlsx");
  const start = useStartExport();
  const made = start.data;
  return (
    <Modal
      open
      title={t("export.title")}
      onCancel={onClose}
      destroyOnHidden
      width={520}
      footer={
        made ? (
          <Button onClick={onClose}>{t("export.close")}</Button>
        ) : (
          <>
            <Button onClick={onClose}>{t("common:cancel")}</Button>
            <Button
              type="primary"
              loading={start.isPending}
              onClick={() => {
                start.mutate({ params: { path: { ...path, segment_id: segment.id } }, body: { format } });
              }}
            >
              {t("export.start")}
            </Button>
          </>
        )
      }
    >
      {made ? (
        <Making id={made.id} />
      ) : (
        <div className="ht-stack">
          <p>{t("export.about", { count: segment.members_count, shown: formatCount(segment.members_count) })}</p>
          <Radio.Group
            aria-label={t("export.format")}
            value={format}
            onChange={(event) => {
              setFormat(event.target.value as Format);
            }}
            options={FORMATS.map((one) => ({ value: one, label: t(`export.formats.${one}`) }))}
          />
          {start.error ? <ErrorState error={start.error} compact /> : null}
        </div>
      )}
    </Modal>
  );
}
