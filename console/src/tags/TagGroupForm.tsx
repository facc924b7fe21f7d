/** The name of a group of tags. */
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { useTagsChanged, type TagGroup } from "./queries";

const GROUPS = "/api/workspaces/{workspace_id}/tag-groups";
const NAME_LENGTH_MAX = 60;

export function TagGroupForm({ group, onClose }: { group: TagGroup | null; onClose: () => void }) {
  const { t } = useTranslation(["tags", "common"]);
  const { message } = App.useApp();
  const [form] = Form.useForm<{ name: string }>();
  const path = useWorkspacePath();
  const changed = useTagsChanged();
  const [left, setLeft] = useState<unknown>(null);
  const outcome = {
    async onSuccess() {
      onClose();
      void message.success(t("form.saved"));
      await changed();
    },
    onError(error: unknown) {
      if (error instanceof ApiProblem && error.code === "tag_group_name_taken") form.setFields([{ name: "name", errors: [error.detail] }]);
      else setLeft(placeErrors(form, ["name"], error));
    },
  };
  const create = $api.useMutation("post", GROUPS, outcome);
  const change = $api.useMutation("patch", `${GROUPS}/{tag_group_id}`, outcome);
  return (
    <Modal open title={t(group === null ? "group.addTitle" : "group.renameTitle")} onCancel={onClose} footer={null} width={420}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: group?.name ?? "" }}
        onFinish={({ name }: { name: string }) => {
          setLeft(null);
          if (group === null) create.mutate({ params: { path }, body: { name } });
          else change.mutate({ params: { path: { ...path, tag_group_id: group.id } }, body: { name } });
        }}
      >
        <Form.Item name="name" label={t("group.name")} rules={[{ required: true, whitespace: true, message: t("form.nameNeeded") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" />
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending || change.isPending}>
            {t("form.save")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
