/** Every broadcast: what it is, how far, what came of its last run. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { PageHeader } from "../kit/PageHeader";
import { SafeText } from "../kit/SafeText";
import { ContentNav } from "../scripts/ContentNav";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { morePages } from "../workspaces/settings/queries";
import { broadcastFilters, STATES } from "./filters";
import { BROADCASTS, useBroadcasts, type Line } from "./queries";
import { At, StateTag } from "./StateTag";
import "./broadcasts.css";

const NAME_LENGTH_MAX = 100;

function Create({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const create = $api.useMutation("post", BROADCASTS, {
    async onSuccess({ id }) {
      await navigate({ to: "/content/broadcasts/$broadcastId", params: { broadcastId: id } });
    },
  });
  return (
    <Modal open title={t("add")} footer={null} onCancel={onClose} width={480} destroyOnHidden>
      <Form<{ name: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ name }) => {
          create.mutate({ params: { path }, body: { name } });
        }}
      >
        <Form.Item name="name" label={t("name")} extra={t("nameHint")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
          <Input autoFocus maxLength={NAME_LENGTH_MAX} autoComplete="off" />
        </Form.Item>
        {create.error ? <ErrorState error={create.error} compact /> : null}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t("begin")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}

export function BroadcastsPage() {
  const { t } = useTranslation(["broadcasts", "common"]);
  const search = useSearch({ from: "/_in/content/broadcasts" });
  const navigate = useNavigate({ from: "/content/broadcasts" });
  const mayManage = useMay("broadcasts.manage");
  const list = useBroadcasts(search.state);
  const [adding, setAdding] = useState(false);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const columns: DataColumn<Line>[] = [
    {
      key: "name",
      title: t("name"),
      width: 240,
      fixed: true,
      render: (one) => (
        <Link to="/content/broadcasts/$broadcastId" params={{ broadcastId: one.id }} className="ht-member-link">
          <SafeText text={one.name} clip />
        </Link>
      ),
    },
    { key: "state", title: t("stateTitle"), width: 100, render: (one) => <StateTag state={one.state} /> },
    { key: "whom", title: t("whom.title"), width: 120, render: (one) => t(`whom.kind.${one.audience_kind}`) },
    { key: "when", title: t("when.title"), width: 190, render: (one) => (one.next_at ? <At at={one.next_at} zone={one.zone} /> : t(`when.kind.${one.timing_kind}`)) },
    { key: "recipients", title: t("run.recipients"), width: 110, align: "right", render: (one) => formatCount(one.last_run?.recipients) },
    { key: "sent", title: t("run.state.sent"), width: 100, align: "right", render: (one) => formatCount(one.last_run?.sent) },
    { key: "failed", title: t("run.state.failed"), width: 100, align: "right", render: (one) => formatCount(one.last_run?.failed) },
    { key: "clicked", title: t("run.state.clicked"), width: 100, align: "right", render: (one) => formatCount(one.last_run?.clicked) },
    { key: "replied", title: t("run.state.replied"), width: 100, align: "right", render: (one) => formatCount(one.last_run?.replied) },
    { key: "by", title: t("by"), width: 110, render: (one) => <SafeText text={one.created_by_name} clip /> },
  ];
  const add = mayManage ? (
    <Button type="primary" onClick={() => { setAdding(true); }}>
      {t("add")}
    </Button>
  ) : null;
  return (
    <div className="ht-page">
      <PageHeader title={t("title")} description={t("about")} actions={add} />
      <ContentNav />
      <FilterBar
        filters={broadcastFilters}
        fields={{ state: { label: t("stateTitle"), options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) } }}
        values={search}
        onChange={(state) => void navigate({ search: (before) => ({ ...before, state: undefined, ...state }), replace: true })}
      />
      <DataTable
        id="broadcasts"
        label={t("title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        empty={
          search.state ? (
            <NothingMatches onClear={() => void navigate({ search: (before) => ({ ...before, state: undefined }), replace: true })} />
          ) : (
            <NothingYet title={t("empty.title")} body={t("empty.body")} guide="broadcasts" action={add} />
          )
        }
      />
      {adding ? <Create onClose={() => { setAdding(false); }} /> : null}
    </div>
  );
}
