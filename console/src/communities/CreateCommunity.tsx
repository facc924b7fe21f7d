/** A new community. Its zone decides where its days begin. */
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Form, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useSession, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { TimeZoneSelect } from "../kit/TimeZoneSelect";
import { CommunityFields } from "./CommunityFields";
import type { Kind } from "./filters";
import { COMMUNITIES, useForget } from "./queries";

export interface CommunityValues {
  name: string;
  kind: Kind;
  description: string;
  time_zone: string;
}

export const COMMUNITY_FIELDS = ["name", "kind", "description", "time_zone"];

export function CreateCommunity({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["communities", "common"]);
  const { message } = App.useApp();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const forget = useForget();
  const [form] = Form.useForm<CommunityValues>();
  const [left, setLeft] = useState<unknown>(null);
  const create = $api.useMutation("post", COMMUNITIES, {
    onMutate() {
      setLeft(null);
    },
    async onSuccess(made) {
      void message.success(t("create.done"));
      onClose();
      await navigate({ to: "/communities/$communityId", params: { communityId: made.id }, search: { community: made.id } });
      await forget();
    },
    onError(error) {
      if (error instanceof ApiProblem && error.code === "community_name_taken") form.setFields([{ name: "name", errors: [error.detail] }]);
      else setLeft(placeErrors(form, COMMUNITY_FIELDS, error));
    },
  });
  return (
    <Modal open title={t("create.title")} onCancel={onClose} footer={null} width={520} mask={{ closable: false }}>
      <Form<CommunityValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: "other", description: "", time_zone: workspace.time_zone }}
        onFinish={(body) => { create.mutate({ params: { path }, body }); }}
      >
        <CommunityFields autoFocus />
        <Form.Item name="time_zone" label={t("zone")} extra={t("zoneHint")}>
          <TimeZoneSelect />
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>{t("create.action")}</Button>
        </div>
      </Form>
    </Modal>
  );
}
