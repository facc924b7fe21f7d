/** The chats of an account and the group each is. */
import { ReloadOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { morePages } from "../workspaces/settings/queries";
import { LinkChat } from "./LinkChat";
import { useChats, useRefresh, type Account, type Chat } from "./queries";

export function ChatsTab({ account }: { account: Account }) {
  const { t } = useTranslation(["channels", "common"]);
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const mayManage = useMay("channels.manage");
  const refresh = useRefresh();
  const list = useChats(account.id);
  const [linking, setLinking] = useState<Chat | null>(null);
  const unlink = $api.useMutation("delete", "/api/workspaces/{workspace_id}/channels/chats/{chat_id}/group", { onSettled: refresh });
  const ask = $api.useMutation("post", "/api/workspaces/{workspace_id}/channels/accounts/{account_id}/chats/refresh", { onSettled: refresh });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const columns: DataColumn<Chat>[] = [
    {
      key: "name",
      title: t("chat.name"),
      width: 220,
      fixed: true,
      render: (one) => (
        <div className="ht-pair">
          <SafeText text={one.name || one.external_id} clip />
          <code className="ht-secondary ht-clip">{one.external_id}</code>
        </div>
      ),
    },
    {
      key: "kind",
      title: t("chat.kind"),
      width: 130,
      render: (one) => (
        <>
          {t(`chat.kinds.${one.kind}`)} {one.state === "in" ? null : <Tag color="warning" variant="filled">{t(`chat.states.${one.state}`)}</Tag>}
        </>
      ),
    },
    {
      key: "group",
      title: t("chat.group"),
      width: 220,
      render: (one) =>
        one.group_id && one.community_id ? (
          <div className="ht-pair">
            <Link to="/communities/$communityId/groups/$groupId" params={{ communityId: one.community_id, groupId: one.group_id }} search={{ community: one.community_id }}><SafeText text={one.group_name} clip /></Link>
            <span className="ht-secondary"><SafeText text={one.community_name} clip /></span>
          </div>
        ) : one.kind === "dm" ? t("chat.noGroupNeeded") : one.has_waiting ? t("chat.waits") : t("chat.noGroup"),
    },
    {
      key: "last",
      title: t("health.last"),
      width: 150,
      render: (one) => (one.last_event_at ? <RelativeTime at={one.last_event_at} zone={workspace.time_zone} /> : t("health.nothing")),
    },
  ];
  if (mayManage) {
    columns.push({
      key: "actions",
      title: t("actions"),
      width: 120,
      render: (one) =>
        one.kind === "dm" ? null : one.group_id ? (
          <Button
            type="link"
            size="small"
            aria-label={t("link.undoOf", { name: plainText(one.name || one.external_id) })}
            loading={unlink.isPending && unlink.variables.params.path.chat_id === one.id}
            onClick={() => { unlink.mutate({ params: { path: { ...path, chat_id: one.id } } }); }}
          >
            {t("link.undo")}
          </Button>
        ) : (
          <Button type="link" size="small" aria-label={t("link.doOf", { name: plainText(one.name || one.external_id) })} onClick={() => { setLinking(one); }}>
            {t("link.do")}
          </Button>
        ),
    });
  }
  return (
    <>
      {mayManage && account.ways.includes("chats") ? (
        <p className="ht-field-gap">
          <Button icon={<ReloadOutlined aria-hidden />} loading={ask.isPending} onClick={() => { ask.mutate({ params: { path: { ...path, account_id: account.id } } }); }}>
            {t("chat.ask")}
          </Button>
        </p>
      ) : null}
      {ask.error ? <ErrorState error={ask.error} compact /> : null}
      {unlink.error ? <ErrorState error={unlink.error} compact /> : null}
      <DataTable
        id="channel-chats"
        label={t("chat.title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        skeletonRows={4}
        empty={<NothingYet title={t("chat.none")} body={t("chat.noneBody")} guide="channels" />}
      />
      {linking ? <LinkChat chat={linking} channel={account.channel} onClose={() => { setLinking(null); }} /> : null}
    </>
  );
}
