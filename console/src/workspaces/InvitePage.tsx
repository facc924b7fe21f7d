/** What a link invites to, and accepting it: as the person signed in, or with a new account. */
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useParams } from "@tanstack/react-router";
import { Button, Form, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { sessionQuery, type User } from "../app/session";
import { formatDateTime } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { SafeText } from "../kit/SafeText";
import { browserZone } from "../kit/TimeZoneSelect";
import { useEnter } from "./enter";
import { EntryLayout } from "./EntryLayout";
import { EmailField, NameField, NewPasswordField } from "./fields";

type Invitation = components["schemas"]["InvitationView"];
type NewAccount = components["schemas"]["NewAccount"];
const FIELDS = ["email", "name", "password"];

function useAccept(token: string, onRefused: (error: unknown) => void) {
  const enter = useEnter();
  const accept = $api.useMutation("post", "/api/invitations/{token}", {
    onSuccess: ({ session, workspace_id }) => enter(session, `/?workspace=${workspace_id}`, workspace_id),
    onError: onRefused,
  });
  return {
    isPending: accept.isPending,
    accept: (account: NewAccount | null) => {
      accept.mutate({ params: { path: { token } }, body: { account } });
    },
  };
}

function Join({ token, user }: { token: string; user: User }) {
  const { t } = useTranslation(["entry", "common"]);
  const [error, setError] = useState<unknown>(null);
  const { accept, isPending } = useAccept(token, setError);
  return (
    <>
      <p>
        {t("invite.as")} <SafeText text={user.name} /> <span className="ht-secondary">({user.email})</span>
      </p>
      {error === null ? null : <ErrorState error={error} compact />}
      <Button type="primary" size="large" block loading={isPending} onClick={() => { accept(null); }}>
        {t("invite.join")}
      </Button>
    </>
  );
}

function Register({ token, invitation }: { token: string; invitation: Invitation }) {
  const { t } = useTranslation(["entry", "common"]);
  const language = useLanguage();
  const { pathname } = useLocation();
  const [form] = Form.useForm<NewAccount>();
  const [left, setLeft] = useState<unknown>(null);
  const { accept, isPending } = useAccept(token, (cause) => {
    setLeft(placeErrors(form, FIELDS, cause));
  });
  return (
    <Form<NewAccount>
      form={form}
      layout="vertical"
      noValidate
      requiredMark={false}
      initialValues={{ email: invitation.email }}
      onFinish={(values) => {
        setLeft(null);
        accept({ ...values, email: invitation.email || values.email, language });
      }}
    >
      <EmailField disabled={invitation.email !== ""} />
      <NameField label={t("field.yourName")} autoFocus />
      <NewPasswordField label={t("field.password")} />
      {left === null ? null : <ErrorState error={left} compact />}
      <Button type="primary" htmlType="submit" size="large" block loading={isPending}>
        {t("invite.register")}
      </Button>
      <p className="ht-entry-hint ht-secondary">
        {t("invite.haveAccount")}{" "}
        <Link to="/login" search={{ next: pathname }}>
          {t("login.submit")}
        </Link>
      </p>
    </Form>
  );
}

export function InvitePage() {
  const { t } = useTranslation(["entry", "common"]);
  const language = useLanguage();
  const { token } = useParams({ from: "/invite/$token" });
  const { pathname } = useLocation();
  const session = useQuery(sessionQuery);
  const invitation = $api.useQuery("get", "/api/invitations/{token}", { params: { path: { token } } }, { retry: false });
  const user = session.data?.user ?? null;
  if (invitation.error) {
    return (
      <EntryLayout title={t("invite.title")}>
        <ErrorState error={invitation.error} onRetry={() => void invitation.refetch()} retrying={invitation.isFetching} compact />
        <Link to="/">{t("invite.home")}</Link>
      </EntryLayout>
    );
  }
  if (!invitation.data || session.isPending) {
    return (
      <EntryLayout title={t("invite.title")}>
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      </EntryLayout>
    );
  }
  const { workspace_name, role_label, invited_by, expires_at, has_account } = invitation.data;
  return (
    <EntryLayout title={t("invite.title")}>
      <dl className="ht-entry-facts">
        <dt>{t("invite.workspace")}</dt>
        <dd><SafeText text={workspace_name} /></dd>
        <dt>{t("invite.role")}</dt>
        <dd>{role_label[language]}</dd>
        {invited_by ? (
          <>
            <dt>{t("invite.by")}</dt>
            <dd><SafeText text={invited_by} /></dd>
          </>
        ) : null}
        <dt>{t("invite.until")}</dt>
        <dd>{formatDateTime(expires_at, browserZone(), language)}</dd>
      </dl>
      {user ? (
        <Join token={token} user={user} />
      ) : has_account ? (
        <>
          <p>{t("invite.signInFirst")}</p>
          <Link to="/login" search={{ next: pathname }}>
            {t("login.submit")}
          </Link>
        </>
      ) : (
        <Register token={token} invitation={invitation.data} />
      )}
    </EntryLayout>
  );
}
