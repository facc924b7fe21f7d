/** Asking somebody in: a role and a link that is shown once. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useSession, useWorkspacePath } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { Select } from "../../kit/Select";
import { placeErrors } from "../../kit/formErrors";
import { INVITATIONS, useRoles, type Role } from "./queries";
import { SecretOnce } from "./SecretOnce";

interface Fields {
  role: Role;
  email?: string;
  days: number;
}

const FIELDS = ["role", "email", "days"];
const DAYS = [1, 3, 7, 14, 30];
const DAYS_DEFAULT = 7;

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [left, setLeft] = useState<unknown>(null);
  const { data: roles } = useRoles();
  const invite = $api.useMutation("post", INVITATIONS, {
    onMutate() {
      setLeft(null);
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["get", INVITATIONS] }),
    onError(error) {
      setLeft(placeErrors(form, FIELDS, error));
    },
  });
  const made = invite.data;
  if (made) {
    return (
      <SecretOnce title={t("invitations.madeTitle")} label={t("invitations.link")} value={made.link} warning={t("invitations.once")} onClose={onClose}>
        <p className="ht-secondary">{t("invitations.untilWhen", { when: formatDateTime(made.invitation.expires_at, workspace.time_zone, language) })}</p>
      </SecretOnce>
    );
  }
  return (
    <Modal open title={t("invitations.invite")} onCancel={onClose} footer={null} width={480} mask={{ closable: false }}>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ role: "viewer", email: "", days: DAYS_DEFAULT }}
        onFinish={(body) => { invite.mutate({ params: { path }, body: { ...body, email: body.email?.trim() ?? "" } }); }}
      >
        <Form.Item name="role" label={t("staff.role")}>
          <Select
            optionRender={({ data }) => (
              <div className="ht-pair">
                <span>{data.label}</span>
                <span className="ht-secondary ht-wrap">{data.description}</span>
              </div>
            )}
            options={(roles?.roles ?? []).map(({ role, label, description }) => ({ value: role, label: label[language], description: description[language] }))}
          />
        </Form.Item>
        <Form.Item name="email" label={t("invitations.email")} extra={t("invitations.emailHint")}>
          <Input inputMode="email" autoComplete="off" maxLength={254} />
        </Form.Item>
        <Form.Item name="days" label={t("invitations.days")}>
          <Select options={DAYS.map((days) => ({ value: days, label: t("invitations.forDays", { count: days }) }))} />
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={invite.isPending}>
            {t("invitations.make")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
