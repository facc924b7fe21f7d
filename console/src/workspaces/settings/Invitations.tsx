/** Links that were given out: for what role, by whom, whether they were used. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useMay, useSession, useWorkspacePath } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ConfirmDanger } from "../../kit/ConfirmDanger";
import { NothingYet } from "../../kit/EmptyState";
import { SafeText } from "../../kit/SafeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { INVITATIONS, morePages, useInvitations, useRoles, type Invitation } from "./queries";

const STATE_COLOR = { pending: "processing", accepted: "success", expired: "default" } as const;

export function Invitations({ onInvite }: { onInvite: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const mayManage = useMay("staff.manage");
  const list = useInvitations();
  const { data: roles } = useRoles();
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null);
  const withdraw = $api.useMutation("delete", "/api/workspaces/{workspace_id}/invitations/{invitation_id}");
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const zone = workspace.time_zone;
  const whom = (one: Invitation) => one.email || t("invitations.anybody");
  const columns: DataColumn<Invitation>[] = [
    {
      key: "whom",
      title: t("invitations.whom"),
      width: 240,
      fixed: true,
      render: (one) => (
        <div className="ht-pair">
          <SafeText text={whom(one)} />
          {one.accepted_by ? (
            <span className="ht-secondary">
              {t("invitations.acceptedBy")} <SafeText text={one.accepted_by} />
            </span>
          ) : null}
        </div>
      ),
    },
    { key: "role", title: t("staff.role"), width: 120, render: (one) => roles?.roles.find(({ role }) => role === one.role)?.label[language] ?? one.role },
    {
      key: "state",
      title: t("invitations.state"),
      width: 100,
      render: (one) => <Tag color={STATE_COLOR[one.state]} variant="filled">{t(`invitations.states.${one.state}`)}</Tag>,
    },
    { key: "until", title: t("invitations.until"), width: 180, render: (one) => formatDateTime(one.expires_at, zone, language) },
    { key: "by", title: t("invitations.by"), width: 140, render: (one) => <SafeText text={one.created_by ?? t("nobody")} clip /> },
    ...(mayManage
      ? [
          {
            key: "actions",
            title: t("actions"),
            width: 100,
            fixed: true,
            render: (one: Invitation) =>
              one.state === "pending" ? (
                <Button type="link" size="small" danger aria-label={t("invitations.withdrawOf", { whom: whom(one) })} onClick={() => { setWithdrawing(one); }}>
                  {t("invitations.withdraw")}
                </Button>
              ) : null,
          },
        ]
      : []),
  ];
  return (
    <section aria-labelledby="invitations">
      <h2 className="ht-set-title" id="invitations">{t("invitations.title")}</h2>
      <DataTable
        id="invitations"
        label={t("invitations.title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        skeletonRows={2}
        empty={
          <NothingYet
            title={t("invitations.none")}
            body={t("invitations.noneBody")}
            guide="staff"
            action={mayManage ? <Button onClick={onInvite}>{t("invitations.invite")}</Button> : undefined}
          />
        }
      />
      <ConfirmDanger
        open={withdrawing !== null}
        title={t("invitations.withdrawTitle")}
        consequence={<p>{t("invitations.withdrawBody")}</p>}
        action={t("invitations.withdraw")}
        onConfirm={async () => {
          if (!withdrawing) return;
          await withdraw.mutateAsync({ params: { path: { ...path, invitation_id: withdrawing.id } } });
          void message.success(t("invitations.withdrawn"));
          await queryClient.invalidateQueries({ queryKey: ["get", INVITATIONS] });
        }}
        onClose={() => { setWithdrawing(null); }}
      />
    </section>
  );
}
