/** A segment's members as a file: made in the background with its progress, then taken from here. */
import { App, Button, Modal, Radio } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { ProgressPanel } from "../kit/ProgressPanel";
import { exportFileAddress, useExport, useStartExport, type Segment, type SegmentExport } from "./queries";

const FORMATS = ["csv", "xlsx"] as const;

function Making({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation(["segments", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const { data, error, refetch } = useExport(id);
  const isDone = data?.state === "done";
  useEffect(() => {
    if (isDone) void message.success(t("export.ready"));
  }, [isDone, message, t]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} compact />;
  return (
    <div className="ht-stack">
      <ProgressPanel title={name} state={data?.state ?? "waiting"} done={data?.done ?? 0} total={data?.total ?? null} unit={t("export.unit")} />
      {isDone ? (
        <Button type="primary" href={exportFileAddress(path.workspace_id, id)} download>
          {t("export.take")}
        </Button>
      ) : null}
    </div>
  );
}

export function ExportSegment({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const [format, setFormat] = useState<SegmentExport["format"]>("xlsx");
  const start = useStartExport(segment.id);
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
            <Button type="primary" loading={start.isPending} onClick={() => { start.mutate(format); }}>{t("export.start")}</Button>
          </>
        )
      }
    >
      {made ? (
        <Making id={made.id} name={t("export.title")} />
      ) : (
        <div className="ht-stack">
          <p>{t("export.about", { count: segment.members_count, shown: formatCount(segment.members_count) })}</p>
          <Radio.Group aria-label={t("export.format")} value={format} onChange={(event) => { setFormat(event.target.value as SegmentExport["format"]); }} options={FORMATS.map((one) => ({ value: one, label: t(`export.formats.${one}`) }))} />
          {start.error ? <ErrorState error={start.error} compact /> : null}
        </div>
      )}
    </Modal>
  );
}
