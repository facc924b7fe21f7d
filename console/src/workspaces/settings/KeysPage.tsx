/** Ways in for programs: what each key may do, until when, when it was last used. */
import { PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Popover, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useSession, useWorkspacePath } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ConfirmDanger } from "../../kit/ConfirmDanger";
import { NothingYet } from "../../kit/EmptyState";
import { Phrase, slot } from "../../kit/Phrase";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { CreateKey } from "./CreateKey";
import { KEYS, morePages, useKeys, useRoles, type Key } from "./queries";
import { SettingsFrame, useMaySee } from "./SettingsFrame";

const STATE_COLOR = { active: "success", expired: "warning", revoked: "default" } as const;

function Scopes({ scopes }: { scopes: readonly string[] }) {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const { data } = useRoles();
  const names = scopes.map((name) => ({ name, label: data?.permissions.find((one) => one.name === name)?.label[language] ?? name }));
  const first = names[0];
  if (names.length === 1 && first) return first.label;
  return (
    <Popover
      trigger={["hover", "focus", "click"]}
      content={
        <ul className="ht-scope-names">
          {names.map(({ name, label }) => (
            <li key={name}>{label}</li>
          ))}
        </ul>
      }
    >
      <Button type="link" size="small" className="ht-flush">
        {t("keys.scopeCount", { count: scopes.length })}
      </Button>
    </Popover>
  );
}

function KeysTable({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const list = useKeys(true);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const revoke = $api.useMutation("delete", "/api/workspaces/{workspace_id}/keys/{key_id}");
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const zone = workspace.time_zone;
  const columns: DataColumn<Key>[] = [
    {
      key: "name",
      title: t("keys.name"),
      width: 220,
      fixed: true,
      render: (one) => (
        <div className="ht-pair">
          <SafeText text={one.name} />
          <code className="ht-secondary">{one.prefix}…</code>
        </div>
      ),
    },
    { key: "state", title: t("keys.state"), width: 90, render: (one) => <Tag color={STATE_COLOR[one.state]} variant="filled">{t(`keys.states.${one.state}`)}</Tag> },
    { key: "scopes", title: t("keys.scopes"), width: 150, render: (one) => <Scopes scopes={one.scopes} /> },
    { key: "used", title: t("keys.used"), width: 150, render: (one) => (one.last_used_at ? <RelativeTime at={one.last_used_at} zone={zone} /> : t("keys.unused")) },
    { key: "expires", title: t("keys.expires"), width: 180, render: (one) => (one.expires_at ? formatDateTime(one.expires_at, zone, language) : t("keys.noEnd")) },
    {
      key: "made",
      title: t("keys.made"),
      width: 180,
      render: (one) => (
        <div className="ht-pair">
          <span>{formatDateTime(one.created_at, zone, language)}</span>
          {one.created_by ? <SafeText text={one.created_by} clip /> : null}
        </div>
      ),
    },
    {
      key: "actions",
      title: t("actions"),
      width: 90,
      fixed: true,
      render: (one) =>
        one.state === "revoked" ? null : (
          <Button type="link" size="small" danger aria-label={t("keys.revokeOf", { name: plainText(one.name) })} onClick={() => { setRevoking(one); }}>
            {t("keys.revoke")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <DataTable
        id="keys"
        label={t("keys.title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        skeletonRows={4}
        empty={<NothingYet title={t("keys.none")} body={t("keys.noneBody")} guide="data-sources" action={<Button onClick={onCreate}>{t("keys.create")}</Button>} />}
      />
      <ConfirmDanger
        open={revoking !== null}
        title={t("keys.revokeTitle")}
        consequence={<p><Phrase text={t("keys.revokeBody", { name: slot(0) })} parts={[<SafeText key="name" text={revoking?.name} />]} /></p>}
        action={t("keys.revoke")}
        {...(revoking ? { typeName: plainText(revoking.name) } : {})}
        onConfirm={async () => {
          if (!revoking) return;
          await revoke.mutateAsync({ params: { path: { ...path, key_id: revoking.id } } });
          void message.success(t("keys.revoked"));
          await queryClient.invalidateQueries({ queryKey: ["get", KEYS] });
        }}
        onClose={() => { setRevoking(null); }}
      />
    </>
  );
}

export function KeysPage() {
  const { t } = useTranslation(["settings", "common"]);
  const may = useMaySee("keys");
  const [creating, setCreating] = useState(false);
  const create = () => { setCreating(true); };
  return (
    <SettingsFrame
      section="keys"
      actions={
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={create}>
          {t("keys.create")}
        </Button>
      }
    >
      {may ? <KeysTable onCreate={create} /> : null}
      {may && creating ? <CreateKey onClose={() => { setCreating(false); }} /> : null}
    </SettingsFrame>
  );
}
