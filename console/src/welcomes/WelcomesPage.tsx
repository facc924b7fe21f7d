/** Welcomes: for whom each is, how many it greeted, on or off. */
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { ButtonLink } from "../app/ButtonLink";
import { useMay, useWorkspacePath } from "../app/session";
import { AutomationNav } from "../automation/AutomationNav";
import { formatCount } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { NothingYet } from "../kit/EmptyState";
import { PageHeader } from "../kit/PageHeader";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { useWelcomes, useWelcomesChanged, WELCOME, type Welcome } from "./queries";
import "./welcomes.css";

const GROUPS_SHOWN = 2;

/** For whom, in a line. */
function Whom({ welcome }: { welcome: Welcome }) {
  const { t } = useTranslation(["welcomes", "common"]);
  const { kind, community, groups } = welcome;
  if (kind === "contact") return <>{t("whom.contact")}</>;
  if (community) return <SafeText text={community.name} />;
  if (groups.length === 0) return <>{t("whom.all")}</>;
  const shown = groups.slice(0, GROUPS_SHOWN).map(({ name }) => name).join(t("separator"));
  return (
    <>
      <SafeText text={shown} />
      {groups.length > GROUPS_SHOWN ? <span className="ht-secondary"> {t("whom.more", { count: groups.length - GROUPS_SHOWN })}</span> : null}
    </>
  );
}

export function WelcomesPage() {
  const { t } = useTranslation(["welcomes", "common"]);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const path = useWorkspacePath();
  const mayManage = useMay("welcomes.manage");
  const changed = useWelcomesChanged();
  const list = useWelcomes();
  const [deleting, setDeleting] = useState<Welcome | null>(null);
  const turn = $api.useMutation("patch", WELCOME, {
    onSettled: changed,
    onError(problem: unknown) {
      void message.error(problem instanceof ApiProblem ? (problem.errors[0]?.message ?? problem.detail) : t("list.notSwitched"));
    },
  });
  const remove = $api.useMutation("delete", WELCOME, { onSuccess: changed });
  const add = <ButtonLink to="/automation/welcomes/new" type="primary">{t("add")}</ButtonLink>;
  const columns: DataColumn<Welcome>[] = [
    {
      key: "name",
      title: t("list.name"),
      width: 200,
      fixed: true,
      render: (one) => <Link to="/automation/welcomes/$welcomeId" params={{ welcomeId: one.id }}><SafeText text={one.name} clip /></Link>,
    },
    { key: "whom", title: t("list.whom"), width: 240, render: (one) => <Whom welcome={one} /> },
    {
      key: "sources",
      title: t("list.sources"),
      width: 200,
      render: ({ sources }) => (sources.length === 0 ? <span className="ht-secondary">{t("list.anySource")}</span> : <SafeText text={sources.map(({ value }) => value).join(t("separator"))} clip />),
    },
    { key: "messages", title: t("list.messages"), width: 90, align: "right", render: ({ messages }) => formatCount(messages.length) },
    { key: "greeted", title: t("list.greeted"), width: 110, align: "right", render: ({ greeted }) => formatCount(greeted) },
    {
      key: "on",
      title: t("list.on"),
      width: 90,
      render: (one) => (
        <Switch
          size="small"
          checked={one.is_on}
          disabled={!mayManage}
          loading={turn.isPending && turn.variables.params.path.welcome_id === one.id}
          aria-label={t("list.onOf", { name: plainText(one.name) })}
          onChange={(is_on) => { turn.mutate({ params: { path: { ...path, welcome_id: one.id } }, body: { is_on } }); }}
        />
      ),
    },
  ];
  if (mayManage)
    columns.push({
      key: "actions",
      title: t("list.actions"),
      width: 90,
      render: (one) => (
        <Button type="link" size="small" danger aria-label={t("list.deleteOf", { name: plainText(one.name) })} onClick={() => { setDeleting(one); }}>
          {t("list.delete")}
        </Button>
      ),
    });
  return (
    <div className="ht-page">
      <PageHeader title={t("title")} description={t("about")} actions={mayManage ? add : null} />
      <AutomationNav />
      <DataTable
        id="welcomes"
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowKey={({ id }) => id}
        total={list.data?.items.length ?? null}
        error={list.data ? null : list.error}
        onRetry={() => void list.refetch()}
        onOpen={({ id }) => void navigate({ to: "/automation/welcomes/$welcomeId", params: { welcomeId: id } })}
        empty={<NothingYet title={t("empty.title")} body={t("empty.body")} guide="welcomes" action={mayManage ? add : undefined} />}
      />
      <ConfirmDanger
        open={deleting !== null}
        title={t("delete.title")}
        consequence={deleting ? <p><Phrase text={t("delete.body", { name: slot(0) })} parts={[<SafeText key="name" text={deleting.name} />]} /></p> : null}
        action={t("list.delete")}
        onConfirm={async () => {
          if (deleting) await remove.mutateAsync({ params: { path: { ...path, welcome_id: deleting.id } } });
        }}
        onClose={() => { setDeleting(null); }}
      />
    </div>
  );
}
