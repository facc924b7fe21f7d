/** Adding a member by hand: a name, and the accounts by which events will find them. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { Select } from "../kit/Select";
import { placeErrors } from "../kit/formErrors";
import { CHANNELS, useChannelName } from "./channels";
import { MEMBERS } from "./queries";

interface Fields {
  name: string;
  identities?: { channel: string; external_id: string }[];
}

const IDENTITIES_MAX = 20;
const NAME_LENGTH_MAX = 200;
const EXTERNAL_ID_LENGTH_MAX = 255;

export function CreateMember({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["members", "common"]);
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const channelName = useChannelName();
  const [left, setLeft] = useState<unknown>(null);
  const create = $api.useMutation("post", MEMBERS, {
    onMutate() {
      setLeft(null);
    },
    async onSuccess(made) {
      void queryClient.invalidateQueries({ queryKey: ["get", MEMBERS] });
      void message.success(t("create.done"));
      onClose();
      await navigate({ to: "/members/$memberId", params: { memberId: made.id } });
    },
    onError(error) {
      // `body.identities.0.external_id` names a row of the list.
      const rows = error instanceof ApiProblem ? error.errors.flatMap(({ field, message: said }) => {
        const found = /identities\.(\d+)\.(channel|external_id)$/.exec(field);
        return found ? [{ name: ["identities", Number(found[1]), found[2]] as (string | number)[], errors: [said] }] : [];
      }) : [];
      form.setFields(rows as Parameters<typeof form.setFields>[0]);
      setLeft(rows.length > 0 ? null : placeErrors(form, ["name"], error));
    },
  });
  return (
    <Modal open title={t("create.title")} onCancel={onClose} footer={null} width={520} mask={{ closable: false }}>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(values) => {
          create.mutate({ params: { path }, body: { name: values.name, identities: values.identities ?? [], attributes: {} } });
        }}
      >
        <Form.Item name="name" label={t("field.name")} rules={[{ required: true, whitespace: true, message: t("create.nameNeeded") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" />
        </Form.Item>
        <p id="create-identities" className="ht-field-label">{t("create.identities")}</p>
        <p className="ht-secondary ht-field-hint">{t("create.identitiesHint")}</p>
        <Form.List name="identities">
          {(fields, { add, remove }) => (
            <div role="group" aria-labelledby="create-identities" className="ht-identity-fields">
              {fields.map(({ key, name }) => (
                <div key={key} className="ht-identity-field">
                  <Form.Item name={[name, "channel"]} rules={[{ required: true, message: t("create.channelNeeded") }]}>
                    <Select
                      aria-label={t("field.channel")}
                      placeholder={t("field.channel")}
                      options={CHANNELS.map((value) => ({ value, label: channelName(value) }))}
                    />
                  </Form.Item>
                  <Form.Item name={[name, "external_id"]} rules={[{ required: true, whitespace: true, message: t("create.idNeeded") }]}>
                    <Input aria-label={t("field.externalId")} placeholder={t("field.externalId")} maxLength={EXTERNAL_ID_LENGTH_MAX} autoComplete="off" />
                  </Form.Item>
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t("create.removeIdentity", { number: name + 1 })}
                    onClick={() => {
                      remove(name);
                    }}
                  />
                </div>
              ))}
              {fields.length < IDENTITIES_MAX ? (
                <Button
                  type="dashed"
                  icon={<PlusOutlined aria-hidden />}
                  onClick={() => {
                    add({ channel: undefined, external_id: "" });
                  }}
                >
                  {t("create.addIdentity")}
                </Button>
              ) : null}
            </div>
          )}
        </Form.List>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t("create.submit")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
