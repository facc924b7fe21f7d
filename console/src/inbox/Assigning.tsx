/** Who gets new conversations: nobody, or the staff in turn. */
import { App, Button, Form, Modal, Skeleton, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useMay, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { SETTINGS, useStaff } from "./queries";

type Settings = components["schemas"]["InboxSettingsOut"];

function Fields({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const mayManage = useMay("inbox.manage");
  const staff = useStaff().data?.items ?? [];
  const [gives_in_turn, setGives] = useState(settings.gives_in_turn);
  const [takers, setTakers] = useState(settings.takers);
  const save = $api.useMutation("put", SETTINGS, {
    async onSuccess(_data, _variables, _result, { client }) {
      await client.invalidateQueries({ queryKey: ["get", SETTINGS] });
      void message.success(t("assigning.saved"));
      onClose();
    },
  });
  return (
    <Form layout="vertical" onFinish={() => { save.mutate({ params: { path }, body: { gives_in_turn, takers } }); }}>
      <p className="ht-secondary">{t("assigning.about")}</p>
      <Form.Item label={t("assigning.inTurn")} htmlFor="inbox-in-turn">
        <Switch id="inbox-in-turn" checked={gives_in_turn} onChange={setGives} disabled={!mayManage} />
      </Form.Item>
      <Form.Item label={t("assigning.takers")} htmlFor="inbox-takers" extra={t("assigning.takersHint")}>
        <Select
          id="inbox-takers"
          mode="multiple"
          disabled={!mayManage || !gives_in_turn}
          value={takers}
          placeholder={t("assigning.everybody")}
          options={staff.map(({ id, name }) => ({ value: id, label: plainText(name) }))}
          showSearch={{ optionFilterProp: "label" }}
          onChange={setTakers}
        />
      </Form.Item>
      {settings.next ? <p>{t("assigning.next", { name: plainText(settings.next.name) })}</p> : null}
      {settings.next && settings.away.length > 0 ? (
        <p className="ht-secondary">{t("assigning.away", { names: settings.away.map(({ name }) => plainText(name)).join(t("present.and")) })}</p>
      ) : null}
      {save.error ? <ErrorState error={save.error} compact /> : null}
      {mayManage ? (
        <div className="ht-danger-foot ht-foot-tight">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={save.isPending}>{t("assigning.save")}</Button>
        </div>
      ) : (
        <p className="ht-secondary">{t("assigning.readOnly")}</p>
      )}
    </Form>
  );
}

export function Assigning({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const path = useWorkspacePath();
  const { data, error, refetch } = $api.useQuery("get", SETTINGS, { params: { path } });
  return (
    <Modal open onCancel={onClose} footer={null} title={t("assigning.title")}>
      {data ? <Fields settings={data} onClose={onClose} /> : error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : <Skeleton active />}
    </Modal>
  );
}
