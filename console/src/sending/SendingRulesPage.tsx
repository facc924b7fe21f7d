/** When and to whom messages go: the rules, a look at what would become of one message, and who is not to be written to. */
import { useSearch } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { Tabs } from "../communities/Tabs";
import { ErrorState } from "../kit/ErrorState";
import { SettingsFrame, useMaySee } from "../workspaces/settings/SettingsFrame";
import { FIRST_TAB } from "./filters";
import { OptOutsTab } from "./OptOutsTab";
import { PlatformRules } from "./PlatformRules";
import { useRules } from "./queries";
import { RulesForm } from "./RulesForm";
import { TestBox } from "./TestBox";
import "./sending.css";

function RulesTab() {
  const { t } = useTranslation(["sending", "common"]);
  const mayManage = useMay("channels.manage");
  const { data, error, refetch, isFetching } = useRules(true);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />;
  return (
    <div className="ht-sending">
      <div className="ht-stack">
        {data ? (
          <RulesForm key={data.updated_at ?? ""} rules={data} disabled={!mayManage} />
        ) : (
          <div className="ht-card" role="status" aria-label={t("common:loading")}><Skeleton active paragraph={{ rows: 12 }} /></div>
        )}
        <PlatformRules />
      </div>
      <TestBox />
    </div>
  );
}

export function SendingRulesPage() {
  const { t } = useTranslation(["sending", "common"]);
  const { tab = FIRST_TAB } = useSearch({ from: "/_in/settings/sending-rules" });
  const may = useMaySee("sendingRules");
  const tabs = [
    { key: "rules", name: t("tabs.rules") },
    { key: "optOuts", name: t("tabs.optOuts") },
  ] as const;
  return (
    <SettingsFrame section="sendingRules">
      {may ? (
        <>
          <Tabs label={t("tabs.label")} tabs={tabs} shown={tab} first={FIRST_TAB} />
          {tab === "optOuts" ? <OptOutsTab /> : <RulesTab />}
        </>
      ) : null}
    </SettingsFrame>
  );
}
