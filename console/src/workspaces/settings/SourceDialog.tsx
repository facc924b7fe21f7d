/** Making a data source, or sending its coming events elsewhere. The write key is shown once, with calls that use it. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useSession, useWorkspacePath } from "../../app/session";
import { ErrorState } from "../../kit/ErrorState";
import { Select } from "../../kit/Select";
import { placeErrors } from "../../kit/formErrors";
import { plainText } from "../../kit/safeText";
import { useChannelName } from "../../members/channels";
import { useGroups } from "../../reports/ReportFilterBar";
import { SOURCES, useLatestEvents, type Source } from "./queries";
import { SecretOnce } from "./SecretOnce";
import { SourceSnippets } from "./SourceSnippets";

interface Fields {
  name: string;
  community_id?: string;
  group_id?: string;
}

const FIELDS = ["name", "community_id", "group_id"];
const NAME_LENGTH_MAX = 100;

/** The dialog of a new key watches for its first event, so that pasting a call shows at once whether it worked. */
function FirstEvent({ source_id }: { source_id: string }) {
  const { t } = useTranslation(["settings", "common"]);
  const { data } = useLatestEvents(source_id, 1);
  const first = data?.items[0];
  return (
    <p role="status" className={first ? "ht-live" : "ht-secondary"}>
      {first ? t("source.firstEvent", { name: plainText(first.name) }) : t("source.waiting")}
    </p>
  );
}

export function SourceDialog({ source, onClose }: { source: Source | null; onClose: (made?: string) => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const { message } = App.useApp();
  const { communities } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const channelName = useChannelName();
  const [form] = Form.useForm<Fields>();
  const [left, setLeft] = useState<unknown>(null);
  const community_id = Form.useWatch("community_id", form);
  const { groups, loading } = useGroups(community_id);
  const outcome = {
    onMutate() {
      setLeft(null);
    },
    onError(error: unknown) {
      setLeft(placeErrors(form, FIELDS, error));
    },
  };
  const create = $api.useMutation("post", SOURCES, {
    ...outcome,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["get", SOURCES] }),
  });
  const change = $api.useMutation("put", "/api/workspaces/{workspace_id}/sources/{source_id}", {
    ...outcome,
    async onSuccess() {
      void message.success(t("saved"));
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["get", SOURCES] });
    },
  });
  const made = create.data;
  if (made) {
    return (
      <SecretOnce title={t("source.madeTitle")} label={t("source.writeKey")} value={made.write_key} warning={t("source.once")} onClose={() => { onClose(made.id); }}>
        <SourceSnippets write_key={made.write_key} />
        <FirstEvent source_id={made.id} />
      </SecretOnce>
    );
  }
  return (
    <Modal open title={source ? t("source.edit") : t("source.create")} onCancel={() => { onClose(); }} footer={null} width={520} mask={{ closable: false }}>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={source ? { name: source.name, community_id: source.community_id ?? undefined, group_id: source.group_id ?? undefined } : {}}
        onValuesChange={(changed: Partial<Fields>) => {
          if ("community_id" in changed) form.setFieldValue("group_id", undefined);
        }}
        onFinish={(values) => {
          const body = { name: values.name, community_id: values.community_id ?? null, group_id: values.group_id ?? null };
          if (source) change.mutate({ params: { path: { ...path, source_id: source.id } }, body });
          else create.mutate({ params: { path }, body });
        }}
      >
        <Form.Item name="name" label={t("source.name")} extra={t("source.nameHint")} rules={[{ required: true, whitespace: true, message: t("needed") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="community_id" label={t("source.community")} extra={t("source.communityHint")}>
          <Select
            allowClear
            placeholder={t("source.wholeWorkspace")}
            showSearch={communities.length > 8 ? { optionFilterProp: "label" } : false}
            options={communities.map(({ id, name }) => ({ value: id, label: plainText(name) }))}
          />
        </Form.Item>
        {community_id ? (
          <Form.Item name="group_id" label={t("source.group")}>
            <Select
              allowClear
              loading={loading}
              placeholder={t("source.noGroup")}
              showSearch={groups.length > 8 ? { optionFilterProp: "label" } : false}
              options={groups.map(({ id, name, channel }) => ({ value: id, label: `${plainText(name)} · ${channelName(channel)}` }))}
            />
          </Form.Item>
        ) : null}
        {source ? <p className="ht-secondary">{t("source.fromNowOn")}</p> : null}
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={() => { onClose(); }}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending || change.isPending}>
            {source ? t("save") : t("source.create")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
