/** A new group on a channel. The channel stays for ever; a short name of one's own will do where none fits. */
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { Select } from "../kit/Select";
import { placeErrors } from "../kit/formErrors";
import { CHATS, useChannelName } from "../members/channels";
import { GROUPS, useForget, type Community } from "./queries";

interface Fields {
  name: string;
  channel: string;
  external_id: string;
}

const FIELDS = ["name", "channel", "external_id"];
const NAME_LENGTH_MAX = 100;
const EXTERNAL_ID_LENGTH_MAX = 200;
const CHANNEL = /^[a-z][a-z0-9_-]{0,29}$/;
/** Which field a refusal is about. */
const TAKEN: Readonly<Record<string, string>> = { group_name_taken: "name", group_exists: "external_id" };

export function CreateGroup({ community, onClose }: { community: Community; onClose: () => void }) {
  const { t } = useTranslation(["communities", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const forget = useForget();
  const channelName = useChannelName();
  const [form] = Form.useForm<Fields>();
  const [left, setLeft] = useState<unknown>(null);
  const [typed, setTyped] = useState("");
  const known: readonly string[] = CHATS;
  const own = CHANNEL.test(typed) && !known.includes(typed) ? [{ value: typed, label: t("group.ownChannel", { name: typed }) }] : [];
  const create = $api.useMutation("post", GROUPS, {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      void message.success(t("group.created"));
      onClose();
      await forget();
    },
    onError(error) {
      const field = error instanceof ApiProblem ? TAKEN[error.code] : undefined;
      if (field && error instanceof ApiProblem) form.setFields([{ name: field as keyof Fields, errors: [error.detail] }]);
      else setLeft(placeErrors(form, FIELDS, error));
    },
  });
  return (
    <Modal open title={t("group.create")} onCancel={onClose} footer={null} width={480} mask={{ closable: false }}>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ external_id: "" }}
        onFinish={(values) => { create.mutate({ params: { path }, body: { ...values, community_id: community.id } }); }}
      >
        <Form.Item name="name" label={t("group.name")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="channel" label={t("group.channel")} extra={t("group.channelHint")} rules={[{ required: true, message: t("group.channelNeeded") }]}>
          <Select
            showSearch={{
              optionFilterProp: "label",
              onSearch: (text) => { setTyped(text.trim().toLowerCase()); },
            }}
            options={[...CHATS.map((value) => ({ value, label: channelName(value) })), ...own]}
          />
        </Form.Item>
        <Form.Item name="external_id" label={t("group.externalId")} extra={t("group.externalIdHint")}>
          <Input maxLength={EXTERNAL_ID_LENGTH_MAX} autoComplete="off" />
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>{t("group.create")}</Button>
        </div>
      </Form>
    </Modal>
  );
}
