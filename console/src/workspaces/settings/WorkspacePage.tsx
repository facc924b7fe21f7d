/** The workspace itself: its name, zone and language, the sample community, its id for programs. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { sessionQuery, useMay, useSession, useWorkspacePath } from "../../app/session";
import { formatZone } from "../../format/dates";
import { CopyField } from "../../kit/CopyField";
import { ErrorState } from "../../kit/ErrorState";
import { placeErrors } from "../../kit/formErrors";
import { SafeText } from "../../kit/SafeText";
import { TimeZoneSelect } from "../../kit/TimeZoneSelect";
import { LanguageField, NameField } from "../fields";
import { SampleSection } from "./SampleSection";
import { SettingsFrame } from "./SettingsFrame";

type Fields = Required<components["schemas"]["WorkspaceChange"]>;
const FIELDS = ["name", "time_zone", "language"];
const LANGUAGES = { zh: "简体中文", en: "English" };

function WorkspaceForm() {
  const { t } = useTranslation(["settings", "entry", "common"]);
  const { message } = App.useApp();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [left, setLeft] = useState<unknown>(null);
  const change = $api.useMutation("patch", "/api/workspaces/{workspace_id}", {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      void message.success(t("saved"));
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
    onError(error) {
      setLeft(placeErrors(form, FIELDS, error));
    },
  });
  return (
    <Form<Fields>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ name: workspace.name, time_zone: workspace.time_zone, language: workspace.language }}
      onFinish={(body) => { change.mutate({ params: { path }, body }); }}
    >
      <NameField label={t("entry:field.workspaceName")} autoComplete="organization" />
      <Form.Item name="time_zone" label={t("entry:field.timeZone")} extra={t("workspace.zoneHint")}>
        <TimeZoneSelect />
      </Form.Item>
      <LanguageField />
      {left === null ? null : <ErrorState error={left} compact />}
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t("save")}
      </Button>
    </Form>
  );
}

function WorkspaceFacts() {
  const { t } = useTranslation(["settings", "entry", "common"]);
  const { workspace } = useSession();
  return (
    <dl className="ht-facts">
      <dt>{t("entry:field.workspaceName")}</dt>
      <dd><SafeText text={workspace.name} /></dd>
      <dt>{t("entry:field.timeZone")}</dt>
      <dd>{formatZone(new Date(), workspace.time_zone)}</dd>
      <dt>{t("entry:field.language")}</dt>
      <dd>{LANGUAGES[workspace.language]}</dd>
    </dl>
  );
}

export function WorkspacePage() {
  const { t } = useTranslation(["settings", "common"]);
  const { workspace } = useSession();
  const mayChange = useMay("workspace.change");
  const mayManage = useMay("communities.manage");
  return (
    <SettingsFrame section="workspace" narrow>
      <div className="ht-stack">
        <section className="ht-card" aria-labelledby="workspace-basics">
          <h2 id="workspace-basics" className="ht-form-title">{t("workspace.basics")}</h2>
          {mayChange ? <WorkspaceForm key={workspace.id} /> : <WorkspaceFacts />}
        </section>
        {mayManage ? <SampleSection /> : null}
        <section className="ht-card" aria-labelledby="workspace-id">
          <h2 id="workspace-id" className="ht-form-title">{t("workspace.programs")}</h2>
          <CopyField label={t("workspace.id")} value={workspace.id} />
        </section>
      </div>
    </SettingsFrame>
  );
}
