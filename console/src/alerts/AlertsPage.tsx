/** Alerts: what staff should look at, what is watched for, who is told. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Segmented } from "antd";
import { useTranslation } from "react-i18next";

import { CommunitiesNav } from "../communities/CommunitiesNav";
import { PageHeader } from "../kit/PageHeader";
import { AlertList } from "./AlertList";
import { parseAlertsSearch, TABS, type AlertsSearch, type Tab } from "./filters";
import { RulesTab } from "./RulesTab";
import { ToldTab } from "./ToldTab";
import "./alerts.css";

export function AlertsPage() {
  const { t } = useTranslation(["alerts", "common"]);
  const navigate = useNavigate({ from: "/communities/alerts" });
  const raw = useSearch({ from: "/_in/communities/alerts" });
  const { tab = "list", ...filters } = parseAlertsSearch(raw);
  const show = (next: AlertsSearch) => {
    void navigate({ search: ({ workspace, community }) => ({ ...(workspace ? { workspace } : {}), ...(community ? { community } : {}), ...next }), replace: true });
  };
  return (
    <div className="ht-page">
      <PageHeader title={t("title")} description={t("about")} />
      <CommunitiesNav />
      <div>
        <Segmented<Tab>
          aria-label={t("tabs.label")}
          value={tab}
          options={TABS.map((value) => ({ value, label: t(`tabs.${value}`) }))}
          onChange={(next) => { show(next === "list" ? {} : { tab: next }); }}
        />
      </div>
      <div className="ht-alert-page">
        {tab === "rules" ? <RulesTab /> : tab === "told" ? <ToldTab /> : <AlertList filters={filters} community={raw.community} onFilters={show} />}
      </div>
    </div>
  );
}
