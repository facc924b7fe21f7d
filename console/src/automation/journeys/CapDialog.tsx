/** How many messages all journeys together send to one person. */
import { InputNumber, Modal, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../../app/session";
import { ErrorState } from "../../kit/ErrorState";
import { Labelled } from "../shared/Labelled";
import { useCap, useJourneysChanged, useSetCap } from "./queries";

const MESSAGES_MAX = 100;
const DAYS_MAX = 90;

export function CapDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["journeys", "common"]);
  const path = useWorkspacePath();
  const changed = useJourneysChanged();
  const cap = useCap(true);
  const [mine, setMine] = useState<{ messages: number; days: number } | null>(null);
  const set = useSetCap();
  const shown = mine ?? cap.data;
  const save = () => {
    if (!shown) return;
    set.mutate({ params: { path }, body: shown }, {
      async onSuccess() {
        await changed();
        onClose();
      },
    });
  };
  return (
    <Modal open title={t("cap.title")} okText={t("cap.save")} cancelText={t("common:cancel")} okButtonProps={{ disabled: !shown, loading: set.isPending }} onOk={save} onCancel={onClose} destroyOnHidden>
      <p className="ht-secondary">{t("cap.about")}</p>
      {shown ? (
        <div className="ht-auto-row">
          <Labelled label={t("cap.messages")} hint={t("cap.none")}>
            {(control) => <InputNumber {...control} min={0} max={MESSAGES_MAX} precision={0} value={shown.messages} onChange={(messages) => { setMine({ ...shown, messages: messages ?? 0 }); }} />}
          </Labelled>
          <Labelled label={t("cap.days")}>
            {(control) => <InputNumber {...control} min={1} max={DAYS_MAX} precision={0} value={shown.days} onChange={(days) => { setMine({ ...shown, days: days ?? 1 }); }} />}
          </Labelled>
        </div>
      ) : cap.error ? <ErrorState error={cap.error} onRetry={() => void cap.refetch()} compact /> : <Skeleton active title={false} />}
      {set.error ? <ErrorState error={set.error} compact /> : null}
    </Modal>
  );
}
