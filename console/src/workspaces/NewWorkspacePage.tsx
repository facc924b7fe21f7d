/** A further workspace; also where someone lands who is on the staff of none. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";
import { Button, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { PageSkeleton } from "../app/PageSkeleton";
import { sessionQuery } from "../app/session";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { browserZone, TimeZoneSelect } from "../kit/TimeZoneSelect";
import { useEnter } from "./enter";
import { EntryLayout } from "./EntryLayout";
import { LanguageField, NameField } from "./fields";

type Body = components["schemas"]["WorkspaceBody"];
const FIELDS: (keyof Body)[] = ["name", "time_zone", "language"];

function NoWorkspace() {
  const { t } = useTranslation(["entry", "shell", "common"]);
  const queryClient = useQueryClient();
  const enter = useEnter();
  const logOut = $api.useMutation("delete", "/api/session", {
    async onSuccess() {
      queryClient.clear();
      await enter({ user: null, staff: [] }, "/login");
    },
  });
  return (
    <EntryLayout title={t("noWorkspace.title")} description={t("noWorkspace.body")}>
      {logOut.isError ? <ErrorState error={logOut.error} compact /> : null}
      <Button block loading={logOut.isPending} onClick={() => { logOut.mutate({}); }}>
        {t("shell:logOut")}
      </Button>
    </EntryLayout>
  );
}

export function NewWorkspacePage() {
  const { t } = useTranslation(["entry", "shell", "common"]);
  const language = useLanguage();
  const queryClient = useQueryClient();
  const enter = useEnter();
  const [form] = Form.useForm<Body>();
  const [left, setLeft] = useState<unknown>(null);
  const session = useQuery(sessionQuery);
  const make = $api.useMutation("post", "/api/workspaces", {
    onMutate() {
      setLeft(null);
    },
    async onSuccess({ id }) {
      await enter(await queryClient.query({ ...sessionQuery, staleTime: 0 }), `/?workspace=${id}`, id);
    },
    onError(cause) {
      setLeft(placeErrors(form, FIELDS, cause));
    },
  });
  if (session.isPending) return <PageSkeleton />;
  if (session.error) return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  if (session.data.user === null) return <Navigate to="/login" search={{ next: "/workspaces/new" }} replace />;
  if (!session.data.staff.some(({ role }) => role === "owner")) return <NoWorkspace />;
  return (
    <EntryLayout title={t("shell:newWorkspace")} description={t("newWorkspace.body")}>
      <Form<Body>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ language, time_zone: browserZone() }}
        onFinish={(body) => {
          make.mutate({ body });
        }}
      >
        <NameField label={t("field.workspaceName")} autoComplete="organization" autoFocus />
        <Form.Item name="time_zone" label={t("field.timeZone")} extra={t("field.timeZoneHint")}>
          <TimeZoneSelect />
        </Form.Item>
        <LanguageField />
        {left === null ? null : <ErrorState error={left} compact />}
        <Button type="primary" htmlType="submit" size="large" block loading={make.isPending}>
          {t("newWorkspace.submit")}
        </Button>
        <p className="ht-entry-hint">
          <Link to="/">{t("newWorkspace.back")}</Link>
        </p>
      </Form>
    </EntryLayout>
  );
}
