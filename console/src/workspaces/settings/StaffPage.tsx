/** Who works here and as what; who has been asked to. */
import { PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { sessionQuery, useMay, useSession, useWorkspacePath } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ConfirmDanger } from "../../kit/ConfirmDanger";
import { NothingYet } from "../../kit/EmptyState";
import { ErrorState } from "../../kit/ErrorState";
import { Phrase, slot } from "../../kit/Phrase";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { Select } from "../../kit/Select";
import { plainText } from "../../kit/safeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { morePages, STAFF, useRoles, useStaff, type Role, type StaffMember } from "./queries";
import { SettingsFrame, useMaySee } from "./SettingsFrame";

type Asked = { staff: StaffMember; role: Role } | { staff: StaffMember; role: null };

function StaffTable() {
  const { t } = useTranslation(["settings", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const { user, workspace } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const mayManage = useMay("staff.manage");
  const list = useStaff();
  const { data: roles } = useRoles();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const zone = workspace.time_zone;
  const lonelyOwner = rows && !list.hasNextPage && rows.filter(({ role }) => role === "owner").length === 1;
  const roleName = (role: Role) => roles?.roles.find((one) => one.role === role)?.label[language] ?? role;

  const refresh = async (staff: StaffMember) => {
    await queryClient.invalidateQueries({ queryKey: ["get", STAFF] });
    if (staff.user_id === user.id) await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const change = $api.useMutation("patch", "/api/workspaces/{workspace_id}/staff/{staff_id}");
  const remove = $api.useMutation("delete", "/api/workspaces/{workspace_id}/staff/{staff_id}");

  const give = async (staff: StaffMember, role: Role) => {
    setFailure(null);
    await change.mutateAsync({ params: { path: { ...path, staff_id: staff.id } }, body: { role } });
    void message.success(t("staff.changed", { name: plainText(staff.name), role: roleName(role) }));
    await refresh(staff);
  };

  const columns: DataColumn<StaffMember>[] = [
    {
      key: "name",
      title: t("staff.name"),
      width: 240,
      fixed: true,
      render: (one) => (
        <div className="ht-pair">
          <span>
            <SafeText text={one.name} />
            {one.user_id === user.id ? <span className="ht-secondary"> ({t("staff.you")})</span> : null}
          </span>
          <span className="ht-secondary">{one.email}</span>
        </div>
      ),
    },
    {
      key: "role",
      title: t("staff.role"),
      width: 180,
      fixed: true,
      render: (one) => {
        if (!mayManage) return roleName(one.role);
        const held = lonelyOwner === true && one.role === "owner";
        return (
          <div className="ht-pair">
            <Select<Role>
              aria-label={t("staff.roleOf", { name: plainText(one.name) })}
              value={one.role}
              disabled={held}
              loading={change.isPending && change.variables.params.path.staff_id === one.id}
              popupMatchSelectWidth={false}
              options={(roles?.roles ?? []).map(({ role, label }) => ({ value: role, label: label[language] }))}
              onChange={(role) => {
                if (one.user_id === user.id || role === "owner") setAsked({ staff: one, role });
                else give(one, role).catch(setFailure);
              }}
            />
            {held ? <span className="ht-secondary ht-small">{t("staff.lastOwner")}</span> : null}
          </div>
        );
      },
    },
    { key: "seen", title: t("staff.seen"), width: 160, render: (one) => (one.last_seen_at ? <RelativeTime at={one.last_seen_at} zone={zone} /> : t("staff.never")) },
    { key: "since", title: t("staff.since"), width: 180, render: (one) => formatDateTime(one.created_at, zone, language) },
    ...(mayManage
      ? [
          {
            key: "actions",
            title: t("actions"),
            width: 100,
            fixed: true,
            render: (one: StaffMember) => (
              <Button
                type="link"
                size="small"
                danger
                disabled={lonelyOwner === true && one.role === "owner"}
                aria-label={t("staff.removeOf", { name: plainText(one.name) })}
                onClick={() => { setAsked({ staff: one, role: null }); }}
              >
                {t("staff.remove")}
              </Button>
            ),
          },
        ]
      : []),
  ];

  const self = asked?.staff.user_id === user.id;
  const name = <SafeText key="name" text={asked?.staff.name} />;
  return (
    <>
      {failure === null ? null : <ErrorState error={failure} compact />}
      <DataTable
        id="staff"
        label={t("staff.title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        skeletonRows={3}
        empty={<NothingYet title={t("staff.title")} body={t("staff.about")} guide="staff" />}
      />
      <ConfirmDanger
        open={asked !== null}
        title={asked?.role ? t("staff.changeTitle") : self ? t("staff.leaveTitle") : t("staff.removeTitle")}
        consequence={
          <p>
            {asked?.role ? (
              <Phrase
                text={t(self ? "staff.changeSelfBody" : "staff.makeOwnerBody", { name: slot(0), role: roleName(asked.role) })}
                parts={[name]}
              />
            ) : (
              <Phrase text={t(self ? "staff.leaveBody" : "staff.removeBody", { name: slot(0) })} parts={[name]} />
            )}
          </p>
        }
        action={asked?.role ? t("staff.change") : self ? t("staff.leave") : t("staff.remove")}
        onConfirm={async () => {
          if (!asked) return;
          if (asked.role) await give(asked.staff, asked.role);
          else {
            await remove.mutateAsync({ params: { path: { ...path, staff_id: asked.staff.id } } });
            void message.success(t("staff.removed", { name: plainText(asked.staff.name) }));
            if (self) window.location.assign("/");
            else await refresh(asked.staff);
          }
        }}
        onClose={() => { setAsked(null); }}
      />
    </>
  );
}

export function StaffPage() {
  const { t } = useTranslation(["settings", "common"]);
  const may = useMaySee("staff");
  const mayManage = useMay("staff.manage");
  const [inviting, setInviting] = useState(false);
  return (
    <SettingsFrame
      section="staff"
      badge={mayManage ? undefined : <Tag variant="outlined">{t("readOnly")}</Tag>}
      actions={
        mayManage ? (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => { setInviting(true); }}>
            {t("invitations.invite")}
          </Button>
        ) : null
      }
    >
      {may ? (
        <>
          <StaffTable />
          <p className="ht-after-table"><Link to="/settings/roles">{t("staff.toRoles")}</Link></p>
          <Invitations onInvite={() => { setInviting(true); }} />
          {inviting ? <InviteDialog onClose={() => { setInviting(false); }} /> : null}
        </>
      ) : null}
    </SettingsFrame>
  );
}
