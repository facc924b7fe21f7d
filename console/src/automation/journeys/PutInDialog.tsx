/** Puts one member into a journey that is on. Where they do not come in it says why, and another can be chosen. */
import { App, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../../app/session";
import { ErrorState } from "../../kit/ErrorState";
import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { useSettled } from "../../segments/preview";
import { useEnrol, useJourneys, useJourneysChanged } from "./queries";
import { reasonSaid } from "./refused";

const DELAY_MILLISECONDS = 250;
const SEARCHED_MAX = 100;

export function PutInDialog({ memberId, onClose }: { memberId: string; onClose: () => void }) {
  const { t } = useTranslation(["journeys", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const changed = useJourneysChanged();
  const [typed, setTyped] = useState("");
  const wanted = useSettled(typed.trim().slice(0, SEARCHED_MAX), DELAY_MILLISECONDS);
  const [journey, setJourney] = useState<{ value: string; label: string } | null>(null);
  const found = useJourneys(wanted, "on");
  const enrol = useEnrol();
  const options = (found.data?.pages ?? []).flatMap(({ items }) => items).map(({ id, name }) => ({ value: id, label: plainText(name) }));
  const [reason] = Object.keys(enrol.data?.refused ?? {});
  function go() {
    if (journey === null) return;
    const body = { member_ids: [memberId], segment_id: null, properties: {}, key: "" };
    enrol.mutate({ params: { path: { ...path, journey_id: journey.value } }, body }, {
      async onSuccess({ entered }) {
        await changed();
        if (entered === 0) return;
        onClose();
        void message.success(t("member.isIn", { name: journey.label }));
      },
    });
  }
  return (
    <Modal open title={t("member.putIn")} okText={t("member.putInAction")} cancelText={t("common:cancel")} okButtonProps={{ disabled: journey === null, loading: enrol.isPending }} onOk={go} onCancel={onClose} destroyOnHidden>
      <div className="ht-jm-put">
        <Select
          className="ht-wide"
          aria-label={t("member.journey")}
          placeholder={t("member.journey")}
          labelInValue
          value={journey}
          options={options}
          loading={found.isFetching}
          notFoundContent={found.isPending ? t("common:loading") : found.error ? t("member.searchFailed") : t(wanted === "" ? "member.noneOn" : "member.noneFound")}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          onChange={(next) => {
            setJourney(next);
            enrol.reset();
          }}
        />
        <p className="ht-secondary">{t("member.rules")}</p>
        <div aria-live="polite">
          {reason === undefined ? null : <p className="ht-field-error">{t("member.notIn", { why: reasonSaid(reason, t) })}</p>}
          {enrol.error ? <ErrorState error={enrol.error} compact /> : null}
        </div>
      </div>
    </Modal>
  );
}
