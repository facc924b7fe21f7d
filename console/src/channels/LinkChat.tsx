/** Saying which group a chat is: one that is there, imported perhaps, or a new one in a community. */
import { Button, Form, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useSession, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { useGroups } from "../reports/ReportFilterBar";
import { useRefresh, type Chat } from "./queries";

interface LinkChatProps {
  chat: Chat;
  channel: string;
  onClose: () => void;
}

interface Fields {
  group_id?: string;
  community_id?: string;
}

export function LinkChat({ chat, channel, onClose }: LinkChatProps) {
  const { t } = useTranslation(["channels", "common"]);
  const { communities } = useSession();
  const path = useWorkspacePath();
  const refresh = useRefresh();
  const [form] = Form.useForm<Fields>();
  const [error, setError] = useState<unknown>(null);
  const group_id = Form.useWatch("group_id", form);
  const { groups, loading } = useGroups(undefined);
  const fitting = groups.filter((group) => group.channel === channel);
  const link = $api.useMutation("put", "/api/workspaces/{workspace_id}/channels/chats/{chat_id}/group", {
    onError: setError,
    async onSuccess() {
      await refresh();
      onClose();
    },
  });
  return (
    <Modal open title={t("link.title")} onCancel={onClose} footer={null} width={480} destroyOnHidden>
      <p className="ht-field-gap"><SafeText text={chat.name || chat.external_id} /></p>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(values) => {
          setError(null);
          link.mutate({ params: { path: { ...path, chat_id: chat.id } }, body: { group_id: values.group_id ?? null, community_id: values.community_id ?? null } });
        }}
      >
        <Form.Item name="group_id" label={t("link.group")} extra={t("link.groupHint")}>
          <Select
            allowClear
            loading={loading}
            placeholder={t("link.newGroup")}
            showSearch={fitting.length > 8 ? { optionFilterProp: "label" } : false}
            options={fitting.map(({ id, name }) => ({ value: id, label: plainText(name) }))}
          />
        </Form.Item>
        {group_id ? null : (
          <Form.Item name="community_id" label={t("link.community")} rules={[{ required: true, message: t("wizard.needed") }]}>
            <Select options={communities.map(({ id, name }) => ({ value: id, label: plainText(name) }))} />
          </Form.Item>
        )}
        {error === null ? null : <ErrorState error={error} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={link.isPending}>{t("link.do")}</Button>
        </div>
      </Form>
    </Modal>
  );
}
