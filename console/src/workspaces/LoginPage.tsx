/** Log in by e-mail and password, then go on to where one was going. */
import { useQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { setupQuery } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { useEnter } from "./enter";
import { EntryLayout } from "./EntryLayout";

export function LoginPage() {
  const { t } = useTranslation(["entry", "common"]);
  const enter = useEnter();
  const { next } = useSearch({ from: "/login" });
  const { data: setup } = useQuery(setupQuery);
  const logIn = $api.useMutation("post", "/api/session", {
    onSuccess: (answer) => enter(answer, next),
  });
  if (setup?.needed) return <Navigate to="/setup" replace />;
  return (
    <EntryLayout title={t("login.title")}>
      <Form<components["schemas"]["SignInBody"]>
        layout="vertical"
        noValidate
        requiredMark={false}
        onFinish={(body) => {
          logIn.mutate({ body });
        }}
      >
        <Form.Item name="email" label={t("field.email")} rules={[{ required: true, whitespace: true, message: t("field.emailNeeded") }]}>
          <Input type="email" autoComplete="username" inputMode="email" size="large" autoFocus maxLength={254} />
        </Form.Item>
        <Form.Item name="password" label={t("field.password")} rules={[{ required: true, message: t("field.passwordNeeded") }]}>
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        {logIn.isError ? <ErrorState error={logIn.error} compact /> : null}
        <Button type="primary" htmlType="submit" size="large" block loading={logIn.isPending}>
          {t("login.submit")}
        </Button>
        <p className="ht-entry-hint ht-secondary">{t("login.forgot")}</p>
      </Form>
    </EntryLayout>
  );
}
