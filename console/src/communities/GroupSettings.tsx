/** A group's name, where its events come from, and putting it away. */
import { Link } from "@tanstack/react-router";
import { App, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatDateTime } from "../format/dates";
import { NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { SafeText } from "../kit/SafeText";
import { useChannelName } from "../members/channels";
import { ArchiveGroup } from "./Archive";
import { GROUP, useForget, type Group } from "./queries";

const NAME_LENGTH_MAX = 100;

function Rename({ group }: { group: Group }) {
  const { t } = useTranslation(["communities", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const forget = useForget();
  const [form] = Form.useForm<{ name: string }>();
  const [left, setLeft] = useState<unknown>(null);
  const change = $api.useMutation("patch", GROUP, {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      void message.success(t("saved"));
      await forget();
    },
    onError(error) {
      if (error instanceof ApiProblem && error.code === "group_name_taken") form.setFields([{ name: "name", errors: [error.detail] }]);
      else setLeft(placeErrors(form, ["name"], error));
    },
  });
  return (
    <section className="ht-card" aria-labelledby="group-name">
      <h2 id="group-name" className="ht-form-title">{t("group.rename")}</h2>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: group.name }}
        onFinish={(body: { name: string }) => { change.mutate({ params: { path: { ...path, group_id: group.id } }, body }); }}
      >
        <Form.Item name="name" label={t("group.name")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoComplete="off" />
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
        <Button type="primary" htmlType="submit" loading={change.isPending}>{t("save")}</Button>
      </Form>
    </section>
  );
}

/** Where the group's events come from: its channel, and the data sources that send to it. */
function Origin({ group }: { group: Group }) {
  const { t } = useTranslation(["communities", "common"]);
  const language = useLanguage();
  const channelName = useChannelName();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const { data } = $api.useQuery("get", "/api/workspaces/{workspace_id}/sources", { params: { path } });
  const sources = data?.items.filter(({ group_id }) => group_id === group.id) ?? [];
  return (
    <section className="ht-card" aria-labelledby="group-origin">
      <h2 id="group-origin" className="ht-form-title">{t("group.origin")}</h2>
      <dl className="ht-pairs">
        <dt>{t("group.channel")}</dt>
        <dd>{channelName(group.channel)}</dd>
        <dt>{t("group.externalId")}</dt>
        <dd>{group.external_id ? <code><SafeText text={group.external_id} /></code> : NO_VALUE}</dd>
        <dt>{t("group.sources")}</dt>
        <dd>
          {sources.length === 0
            ? NO_VALUE
            : sources.map(({ id, name }) => (
                <Link key={id} className="ht-block" to="/settings/sources/$sourceId" params={{ sourceId: id }}><SafeText text={name} /></Link>
              ))}
        </dd>
        <dt>{t("createdAt")}</dt>
        <dd>{formatDateTime(group.created_at, workspace.time_zone, language)}</dd>
      </dl>
    </section>
  );
}

export function GroupSettings({ group }: { group: Group }) {
  const mayManage = useMay("communities.manage");
  return (
    <div className="ht-stack ht-narrow">
      {mayManage ? <Rename key={group.name} group={group} /> : null}
      <Origin group={group} />
      {mayManage ? <ArchiveGroup group={group} /> : null}
    </div>
  );
}
