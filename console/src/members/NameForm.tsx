/** Naming a member: names seen on channels do not replace this one. */
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { MEMBER, useMemberChanged, type Member } from "./queries";

const NAME_LENGTH_MAX = 200;

export function NameForm({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation(["members", "common"]);
  const [form] = Form.useForm<{ name: string }>();
  const path = useWorkspacePath();
  const { show } = useMemberChanged();
  const [left, setLeft] = useState<unknown>(null);
  const change = $api.useMutation("patch", MEMBER, {
    onMutate() {
      setLeft(null);
    },
    onSuccess(changed) {
      show(changed);
      onClose();
    },
    onError(error) {
      setLeft(placeErrors(form, ["name"], error));
    },
  });
  return (
    <Modal open title={t("rename.title")} onCancel={onClose} footer={null} width={480}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: member.name }}
        onFinish={({ name }: { name: string }) => {
          change.mutate({ params: { path: { ...path, member_id: member.id } }, body: { name } });
        }}
      >
        <Form.Item name="name" label={t("field.name")} extra={t("rename.hint")} rules={[{ required: true, whitespace: true, message: t("create.nameNeeded") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" />
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t("save")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
