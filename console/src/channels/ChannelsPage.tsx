/** Channels: the accounts on platforms, how each is, and connecting one more. */
import { PlusOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../app/session";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { NothingYet } from "../kit/EmptyState";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { SettingsFrame, useMaySee } from "../workspaces/settings/SettingsFrame";
import { ConditionTag } from "./ConditionTag";
import { ConnectWizard } from "./ConnectWizard";
import { useAccounts, usePlatforms, type Account } from "./queries";
import "./channels.css";

export function ChannelsPage() {
  const { t } = useTranslation(["channels", "common"]);
  const language = useLanguage();
  const navigate = useNavigate();
  const { workspace } = useSession();
  const may = useMaySee("channels");
  const mayManage = useMay("channels.manage");
  const [connecting, setConnecting] = useState(false);
  const { data, error, refetch } = useAccounts(may);
  const platforms = usePlatforms(may).data?.items;
  const open = (id: string) => void navigate({ to: "/settings/channels/$accountId", params: { accountId: id } });
  const connect = () => { setConnecting(true); };
  const platformName = (account: Account) => platforms?.find(({ platform }) => platform === account.platform)?.[language] ?? account.platform;
  const columns: DataColumn<Account>[] = [
    {
      key: "name",
      title: t("account.name"),
      width: 240,
      fixed: true,
      render: (one) => (
        <div className="ht-pair">
          <Link to="/settings/channels/$accountId" params={{ accountId: one.id }}><SafeText text={one.name} clip /></Link>
          <span className="ht-secondary">{platformName(one)}</span>
        </div>
      ),
    },
    { key: "condition", title: t("account.condition"), width: 120, render: (one) => <ConditionTag account={one} /> },
    {
      key: "last",
      title: t("health.last"),
      width: 150,
      render: (one) => (one.health.last_event_at ? <RelativeTime at={one.health.last_event_at} zone={workspace.time_zone} /> : t("health.nothing")),
    },
    { key: "chats", title: t("account.chats"), width: 90, align: "right", render: (one) => formatCount(one.chats) },
    { key: "unlinked", title: t("account.unlinked"), width: 110, align: "right", render: (one) => formatCount(one.unlinked) },
    { key: "waiting", title: t("outbox.waiting"), width: 100, align: "right", render: (one) => formatCount(one.waiting) },
    { key: "dead", title: t("outbox.dead"), width: 110, align: "right", render: (one) => (one.dead > 0 ? <Link to="/settings/channels/$accountId" params={{ accountId: one.id }} search={{ tab: "outbox", show: "dead" }}>{formatCount(one.dead)}</Link> : formatCount(one.dead)) },
  ];
  return (
    <SettingsFrame
      section="channels"
      actions={mayManage ? <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={connect}>{t("connect")}</Button> : null}
    >
      <DataTable
        id="accounts"
        label={t("accounts")}
        columns={columns}
        rows={data?.items}
        rowKey={({ id }) => id}
        total={data?.items.length ?? null}
        error={data ? null : error}
        onRetry={() => void refetch()}
        skeletonRows={4}
        onOpen={({ id }) => { open(id); }}
        empty={<NothingYet title={t("none")} body={t("noneBody")} guide="channels" action={mayManage ? <Button type="primary" onClick={connect}>{t("connect")}</Button> : undefined} />}
      />
      {connecting ? (
        <ConnectWizard
          account={null}
          onClose={(made) => {
            setConnecting(false);
            if (made) open(made);
          }}
        />
      ) : null}
    </SettingsFrame>
  );
}
