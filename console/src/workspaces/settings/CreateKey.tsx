/** A new key: a name, the rights it gets (of those one holds), an end. The secret is shown once, with a call to try. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useSession, useWorkspacePath } from "../../app/session";
import { addDays, localDay } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { Select } from "../../kit/Select";
import { placeErrors } from "../../kit/formErrors";
import { EXPIRIES, expiresAt, type Expiry } from "./expiry";
import { KEYS, useRoles } from "./queries";
import { SecretOnce } from "./SecretOnce";
import { Snippet } from "../../kit/Snippet";
import { keyCall } from "./snippets";

interface Fields {
  name: string;
  scopes: string[];
  expiry: Expiry;
  expires_at?: string;
}

const FIELDS = ["name", "scopes", "expires_at"];
const NAME_LENGTH_MAX = 100;

export function CreateKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const { workspace, permissions } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [left, setLeft] = useState<unknown>(null);
  const expiry = Form.useWatch("expiry", form);
  const { data: roles, error } = useRoles();
  const create = $api.useMutation("post", KEYS, {
    onMutate() {
      setLeft(null);
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["get", KEYS] }),
    onError(cause) {
      setLeft(placeErrors(form, FIELDS, cause));
    },
  });
  const given = (roles?.permissions ?? []).filter(({ name }) => permissions.includes(name));
  const tomorrow = addDays(localDay(new Date(), workspace.time_zone), 1);
  const made = create.data;
  if (made) {
    const call = keyCall(window.location.origin, path.workspace_id, made.key.scopes, made.secret);
    return (
      <SecretOnce title={t("keys.madeTitle")} label={t("keys.secret")} value={made.secret} warning={t("keys.once")} onClose={onClose}>
        {call ? <Snippet label={t("keys.try")} code={call} /> : null}
      </SecretOnce>
    );
  }
  return (
    <Modal open title={t("keys.create")} onCancel={onClose} footer={null} width={640} mask={{ closable: false }}>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ scopes: [], expiry: "365" }}
        onFinish={({ name, scopes, expiry: chosen, expires_at }) => {
          create.mutate({ params: { path }, body: { name, scopes, expires_at: expiresAt(chosen, expires_at, workspace.time_zone) } });
        }}
      >
        <Form.Item name="name" label={t("keys.name")} extra={t("keys.nameHint")} rules={[{ required: true, whitespace: true, message: t("needed") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" />
        </Form.Item>
        {error && !roles ? <ErrorState error={error} compact /> : null}
        <Form.Item name="scopes" label={t("keys.scopes")} extra={t("keys.scopesHint")} rules={[{ required: true, message: t("keys.scopesNeeded") }]}>
          <Checkbox.Group className="ht-scopes" options={given.map(({ name, label }) => ({ value: name, label: label[language] }))} />
        </Form.Item>
        <div className="ht-filters">
          <Button size="small" onClick={() => { form.setFieldValue("scopes", given.filter(({ name }) => name.endsWith(".read")).map(({ name }) => name)); }}>
            {t("keys.readOnly")}
          </Button>
          <Button size="small" onClick={() => { form.setFieldValue("scopes", given.map(({ name }) => name)); }}>
            {t("keys.all")}
          </Button>
          <Button size="small" onClick={() => { form.setFieldValue("scopes", []); }}>
            {t("keys.clear")}
          </Button>
        </div>
        <Form.Item name="expiry" label={t("keys.expires")}>
          <Select options={EXPIRIES.map((value) => ({ value, label: t(`keys.expiry.${value}`) }))} />
        </Form.Item>
        {expiry === "day" ? (
          <Form.Item name="expires_at" label={t("keys.lastDay")} rules={[{ required: true, message: t("needed") }]}>
            <input type="date" className="ht-date-input" min={tomorrow} />
          </Form.Item>
        ) : null}
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t("keys.create")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
