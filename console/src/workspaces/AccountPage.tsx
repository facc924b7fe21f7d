/** One's own account: name and language, password. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { sessionQuery, useSession } from "../app/session";
import { changeLanguage } from "../i18n";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { PageHeader } from "../kit/PageHeader";
import { LanguageField, NameField, NewPasswordField } from "./fields";

type Profile = Required<components["schemas"]["AccountBody"]>;
type Password = components["schemas"]["PasswordBody"];

function ProfileForm() {
  const { t } = useTranslation(["entry", "common"]);
  const { message } = App.useApp();
  const { user } = useSession();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Profile>();
  const [left, setLeft] = useState<unknown>(null);
  const change = $api.useMutation("patch", "/api/account", {
    onMutate() {
      setLeft(null);
    },
    async onSuccess(changed) {
      queryClient.setQueryData(sessionQuery.queryKey, (known) => (known ? { ...known, user: changed } : known));
      await changeLanguage(changed.language);
      void message.success(t("account.saved"));
    },
    onError(cause) {
      setLeft(placeErrors(form, ["name", "language"], cause));
    },
  });
  return (
    <section className="ht-card" aria-labelledby="account-profile">
      <h2 id="account-profile" className="ht-form-title">{t("account.profile")}</h2>
      <Form<Profile>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: user.name, language: user.language }}
        onFinish={(body) => {
          change.mutate({ body });
        }}
      >
        <Form.Item label={t("field.email")} extra={t("account.emailHint")} htmlFor="account-email">
          <Input id="account-email" value={user.email} readOnly variant="filled" />
        </Form.Item>
        <NameField label={t("field.yourName")} />
        <LanguageField />
        {left === null ? null : <ErrorState error={left} compact />}
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t("account.save")}
        </Button>
      </Form>
    </section>
  );
}

function PasswordForm() {
  const { t } = useTranslation(["entry", "common"]);
  const { message } = App.useApp();
  const { user } = useSession();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Password>();
  const [left, setLeft] = useState<unknown>(null);
  const change = $api.useMutation("post", "/api/account/password", {
    onMutate() {
      setLeft(null);
    },
    onSuccess(answer) {
      queryClient.setQueryData(sessionQuery.queryKey, answer);
      form.resetFields();
      void message.success(t("account.passwordChanged"));
    },
    onError(cause) {
      setLeft(placeErrors(form, ["old_password", "new_password"], cause));
    },
  });
  return (
    <section className="ht-card" aria-labelledby="account-password">
      <h2 id="account-password" className="ht-form-title">{t("account.password")}</h2>
      <Form<Password>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(body) => {
          change.mutate({ body });
        }}
      >
        {/* Password keepers need to know whose password this is. */}
        <input type="text" className="ht-visually-hidden" autoComplete="username" value={user.email} readOnly tabIndex={-1} aria-hidden />
        <Form.Item name="old_password" label={t("account.oldPassword")} rules={[{ required: true, message: t("field.passwordNeeded") }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <NewPasswordField name="new_password" label={t("account.newPassword")} />
        <p className="ht-secondary">{t("account.passwordHint")}</p>
        {left === null ? null : <ErrorState error={left} compact />}
        <Button type="primary" htmlType="submit" loading={change.isPending} className="ht-form-submit">
          {t("account.changePassword")}
        </Button>
      </Form>
    </section>
  );
}

export function AccountPage() {
  const { t } = useTranslation(["entry", "shell", "common"]);
  return (
    <div className="ht-page ht-page-narrow">
      <PageHeader title={t("shell:title.account")} />
      <div className="ht-stack">
        <ProfileForm />
        <PasswordForm />
      </div>
    </div>
  );
}
