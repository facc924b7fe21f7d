/** A custom attribute: its key and type stay for ever, its names and description can change. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { Select } from "../kit/Select";
import { placeErrors } from "../kit/formErrors";
import type { AttributeType } from "./attributeValue";
import { ATTRIBUTES, type Attribute } from "./queries";

const TYPES: readonly AttributeType[] = ["text", "number", "boolean", "date", "birthday", "list"];
const FIELDS = ["key", "name_zh", "name_en", "type", "description", "options"];
const WITH_OPTIONS: readonly AttributeType[] = ["text", "list"];
const OPTIONS_MAX = 100;
const OPTION_LENGTH_MAX = 100;
const KEY = /^[a-z][a-z0-9_]{0,59}$/;

interface Values {
  key: string;
  name_zh: string;
  name_en: string;
  type: AttributeType;
  description?: string;
  options?: string[];
}

export function AttributeForm({ attribute, onClose }: { attribute: Attribute | null; onClose: () => void }) {
  const { t } = useTranslation(["members", "common"]);
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const [left, setLeft] = useState<unknown>(null);
  const type = Form.useWatch("type", form);
  const outcome = {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      onClose();
      void message.success(t("attributes.saved"));
      await queryClient.invalidateQueries({ queryKey: ["get", ATTRIBUTES] });
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/workspaces/{workspace_id}/members/{member_id}"] });
    },
    onError(error: unknown) {
      if (error instanceof ApiProblem && error.code === "attribute_exists") form.setFields([{ name: "key", errors: [error.detail] }]);
      else setLeft(placeErrors(form, FIELDS, error));
    },
  };
  const create = $api.useMutation("post", ATTRIBUTES, outcome);
  const change = $api.useMutation("patch", "/api/workspaces/{workspace_id}/attributes/{key}", outcome);
  const needed = { required: true, whitespace: true, message: t("attributes.needed") };
  return (
    <Modal open title={t(attribute === null ? "attributes.addTitle" : "attributes.editTitle")} onCancel={onClose} footer={null} width={520} mask={{ closable: false }}>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={attribute ?? { type: "text" }}
        onFinish={({ key, name_zh, name_en, type: kind, description = "", options: given = [] }) => {
          const options = WITH_OPTIONS.includes(kind) ? given.map((one) => one.slice(0, OPTION_LENGTH_MAX)) : [];
          if (attribute === null) create.mutate({ params: { path }, body: { key, name_zh, name_en, type: kind, description, options } });
          else change.mutate({ params: { path: { ...path, key: attribute.key } }, body: { name_zh, name_en, description, options } });
        }}
      >
        <Form.Item name="name_zh" label={t("attributes.nameZh")} rules={[needed]}>
          <Input maxLength={60} autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="name_en" label={t("attributes.nameEn")} rules={[needed]}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item name="key" label={t("attributes.key")} extra={t("attributes.keyHint")} rules={attribute === null ? [{ required: true, pattern: KEY, message: t("attributes.keyRule") }] : []}>
          <Input maxLength={60} disabled={attribute !== null} autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item name="type" label={t("attributes.type")} extra={t("attributes.typeHint")}>
          <Select disabled={attribute !== null} options={TYPES.map((value) => ({ value, label: t(`type.${value}`) }))} />
        </Form.Item>
        {WITH_OPTIONS.includes(type) ? (
          <Form.Item name="options" label={t("attributes.options")} extra={t(attribute === null ? "attributes.optionsHint" : "attributes.optionsKeep")}>
            <Select mode="tags" open={false} suffix={null} maxCount={OPTIONS_MAX} tokenSeparators={[",", "，", "、", ";", "；"]} placeholder={t("attributes.optionsAny")} />
          </Form.Item>
        ) : null}
        <Form.Item name="description" label={t("attributes.description")}>
          <Input.TextArea maxLength={300} autoSize={{ minRows: 2, maxRows: 5 }} />
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending || change.isPending}>
            {t(attribute === null ? "attributes.add" : "save")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
