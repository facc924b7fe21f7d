/** Keyword replies: the rules, what nobody answered, what is in each other's way, which words mean the same. */
import { DownOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Dropdown, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay, useWorkspacePath } from "../app/session";
import { AutomationNav } from "../automation/AutomationNav";
import { PageHeader } from "../kit/PageHeader";
import { ConflictsView } from "./ConflictsView";
import { parseRepliesSearch, VIEWS, type RepliesSearch, type View } from "./filters";
import { ImportRules } from "./ImportRules";
import { exportAddress } from "./queries";
import { QuestionsView } from "./QuestionsView";
import { RulesView } from "./RulesView";
import { SynonymsView } from "./SynonymsView";
import "../members/members.css";
import "./replies.css";

function Files({ onImport }: { onImport: () => void }) {
  const { t } = useTranslation(["replies", "common"]);
  const { workspace_id } = useWorkspacePath();
  const mayManage = useMay("replies.manage");
  const take = (format: "csv" | "xlsx") => (
    <a href={exportAddress(workspace_id, format)} download>
      {t(`files.export.${format}`)}
    </a>
  );
  const items = [
    ...(mayManage ? [{ key: "import", label: t("files.import"), onClick: onImport }] : []),
    { key: "csv", label: take("csv") },
    { key: "xlsx", label: take("xlsx") },
  ];
  return (
    <Dropdown trigger={["click"]} menu={{ items }} placement="bottomRight">
      <Button icon={<DownOutlined aria-hidden />} iconPlacement="end">{t("files.title")}</Button>
    </Dropdown>
  );
}

export function RepliesPage() {
  const { t } = useTranslation(["replies", "common"]);
  const navigate = useNavigate({ from: "/automation/replies" });
  const search = parseRepliesSearch(useSearch({ from: "/_in/automation/replies" }));
  const mayManage = useMay("replies.manage");
  const [importing, setImporting] = useState(false);
  const view = search.view ?? "rules";
  const show = (values: RepliesSearch) => {
    void navigate({ search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...(previous.community ? { community: previous.community } : {}), ...values }), replace: true });
  };
  return (
    <div className="ht-page">
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          <>
            <Files onImport={() => { setImporting(true); }} />
            {mayManage ? <ButtonLink to="/automation/replies/new" type="primary">{t("add")}</ButtonLink> : null}
          </>
        }
      />
      <AutomationNav />
      <div className="ht-reply-views">
        <Segmented<View>
          aria-label={t("views.label")}
          value={view}
          options={VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))}
          onChange={(next) => { show(next === "rules" ? {} : { view: next }); }}
        />
      </div>
      {view === "rules" ? (
        <RulesView search={search} onSearch={show} onImport={() => { setImporting(true); }} />
      ) : view === "questions" ? (
        <QuestionsView />
      ) : view === "conflicts" ? (
        <ConflictsView />
      ) : (
        <SynonymsView />
      )}
      {importing ? <ImportRules onClose={() => { setImporting(false); }} /> : null}
    </div>
  );
}
