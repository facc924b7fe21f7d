/** One account: how it is, its chats and their groups, its outbox; pause, reconnect, remove. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Alert, App, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { usePageName } from "../app/usePageName";
import { Tabs } from "../communities/Tabs";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { ErrorState } from "../kit/ErrorState";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { NoRight, SettingsFrame, useMaySee } from "../workspaces/settings/SettingsFrame";
import { ChatsTab } from "./ChatsTab";
import { ConnectWizard } from "./ConnectWizard";
import { FIRST_TAB, type AccountTab } from "./filters";
import { HealthCard } from "./HealthCard";
import { OutboxTab } from "./OutboxTab";
import { SiteCard } from "./SiteChat";
import { useAccount, useRefresh, type Account } from "./queries";
import "./channels.css";

const PAUSE = "/api/workspaces/{workspace_id}/channels/accounts/{account_id}/pause";

function Body({ account, tab }: { account: Account; tab: AccountTab }) {
  const { t } = useTranslation(["channels", "common"]);
  const tabs = [
    { key: "health", name: t("tabs.health") },
    { key: "chats", name: t("tabs.chats") },
    { key: "outbox", name: t("tabs.outbox") },
  ] as const;
  return (
    <>
      <Tabs label={t("tabs.label")} tabs={tabs} shown={tab} first={FIRST_TAB} />
      {account.unlinked > 0 && tab === FIRST_TAB ? <Alert type="info" showIcon className="ht-field-gap" title={t("account.unlinkedNote", { count: account.unlinked })} /> : null}
      {tab === "chats" ? <ChatsTab account={account} /> : tab === "outbox" ? <OutboxTab account={account} /> : (
        <>
          {account.snippet ? <SiteCard account={account} /> : null}
          <HealthCard account={account} />
        </>
      )}
    </>
  );
}

export function AccountPage() {
  const { t } = useTranslation(["channels", "common"]);
  const { message } = App.useApp();
  const { accountId } = useParams({ from: "/_in/settings/channels/$accountId" });
  const { tab = FIRST_TAB } = useSearch({ from: "/_in/settings/channels/$accountId" });
  const navigate = useNavigate();
  const path = useWorkspacePath();
  const refresh = useRefresh();
  const may = useMaySee("channels");
  const mayManage = useMay("channels.manage");
  const [reconnecting, setReconnecting] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { data: account, error, refetch, isFetching } = useAccount(accountId, may);
  const fail = (cause: unknown) => void message.error(cause instanceof ApiProblem ? cause.detail : t("failed"));
  const pause = $api.useMutation("put", PAUSE, { onError: fail, onSettled: refresh });
  const resume = $api.useMutation("delete", PAUSE, { onError: fail, onSettled: refresh });
  const remove = $api.useMutation("delete", "/api/workspaces/{workspace_id}/channels/accounts/{account_id}");
  usePageName(account?.name);
  const params = { params: { path: { ...path, account_id: accountId } } };
  const isGone = error instanceof ApiProblem && error.status === 404;
  return (
    <SettingsFrame
      section="channels"
      title={account ? <SafeText text={account.name} /> : t("account.one")}
      actions={
        mayManage && account ? (
          <>
            {account.state === "active" ? <Button loading={pause.isPending} onClick={() => { pause.mutate(params); }}>{t("account.pause")}</Button> : null}
            {account.state === "paused" ? <Button type="primary" loading={resume.isPending} onClick={() => { resume.mutate(params); }}>{t("account.resume")}</Button> : null}
            <Button type={account.state === "needs_reconnect" ? "primary" : "default"} onClick={() => { setReconnecting(true); }}>{t("account.reconnect")}</Button>
            <Button danger onClick={() => { setRemoving(true); }}>{t("account.remove")}</Button>
          </>
        ) : null
      }
    >
      {!may ? (
        <NoRight />
      ) : isGone ? (
        <div className="ht-empty" role="status">
          <h2>{t("account.gone")}</h2>
          <p>{t("account.goneBody")}</p>
        </div>
      ) : error && !account ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : !account ? (
        <Skeleton active title={false} paragraph={{ rows: 10 }} />
      ) : (
        <Body account={account} tab={tab} />
      )}
      {account && reconnecting ? <ConnectWizard account={account} onClose={() => { setReconnecting(false); }} /> : null}
      {account ? (
        <ConfirmDanger
          open={removing}
          title={t("account.removeTitle")}
          consequence={<p><Phrase text={t("account.removeBody", { name: slot(0), count: account.waiting })} parts={[<SafeText key="name" text={account.name} />]} /></p>}
          action={t("account.remove")}
          typeName={plainText(account.name)}
          onConfirm={async () => {
            await remove.mutateAsync(params);
            await navigate({ to: "/settings/channels" });
            await refresh();
          }}
          onClose={() => { setRemoving(false); }}
        />
      ) : null}
    </SettingsFrame>
  );
}
