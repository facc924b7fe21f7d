/** The first run: the first workspace and its owner. */
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";
import { Button, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { setupQuery } from "../app/session";
import { changeLanguage } from "../i18n";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { browserZone, TimeZoneSelect } from "../kit/TimeZoneSelect";
import { useEnter } from "./enter";
import { EntryLayout } from "./EntryLayout";
import { EmailField, LanguageField, NameField, NewPasswordField } from "./fields";

type Body = components["schemas"]["SetupBody"];
const FIELDS: (keyof Body)[] = ["workspace_name", "time_zone", "language", "name", "email", "password"];

export function SetupPage() {
  const { t } = useTranslation(["entry", "common"]);
  const language = useLanguage();
  const enter = useEnter();
  const [form] = Form.useForm<Body>();
  const [left, setLeft] = useState<unknown>(null);
  const { data: state, error, refetch } = useQuery(setupQuery);
  const setUp = $api.useMutation("post", "/api/setup", {
    onMutate() {
      setLeft(null);
    },
    onSuccess: (answer) => enter(answer),
    onError(cause) {
      setLeft(placeErrors(form, FIELDS, cause));
    },
  });
  // A set-up that has just been done goes on to the workspace, not to the log-in.
  if (state?.needed === false && setUp.isIdle) return <Navigate to="/login" replace />;
  return (
    <EntryLayout title={t("setup.title")} description={t("setup.body")}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : (
        <Form<Body>
          form={form}
          layout="vertical"
          noValidate
          requiredMark={false}
          initialValues={{ language, time_zone: browserZone() }}
          onValuesChange={(changed: Partial<Body>) => {
            if (changed.language) void changeLanguage(changed.language);
          }}
          onFinish={(body) => {
            setUp.mutate({ body });
          }}
        >
          <LanguageField />
          <NameField name="workspace_name" label={t("field.workspaceName")} autoComplete="organization" autoFocus />
          <Form.Item name="time_zone" label={t("field.timeZone")} extra={t("field.timeZoneHint")}>
            <TimeZoneSelect />
          </Form.Item>
          <NameField label={t("field.yourName")} />
          <EmailField />
          <NewPasswordField label={t("field.password")} />
          {left === null ? null : <ErrorState error={left} compact />}
          <Button type="primary" htmlType="submit" size="large" block loading={setUp.isPending}>
            {t("setup.submit")}
          </Button>
          <p className="ht-entry-hint ht-secondary">
            {t("setup.already")} <Link to="/login">{t("login.submit")}</Link>
          </p>
        </Form>
      )}
    </EntryLayout>
  );
}
