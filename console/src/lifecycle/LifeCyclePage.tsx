/** The life cycle of a community: who is at which stage, and how people move. */
import { SettingOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { formatRelative } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { MembersNav } from "../members/MembersNav";
import { parseLifeCycleSearch } from "./filters";
import { FlowCard } from "./FlowCard";
import { ChooseCommunity, useOneCommunity } from "./OneCommunity";
import { useForgetOnceCounted, useLifeCycle } from "./queries";
import { StageCards } from "./StageCards";
import { ThresholdsDrawer } from "./ThresholdsDrawer";
import "./lifecycle.css";

const GUIDE = "life-cycle";

function Stages({ community }: { community: { id: string; name: string; time_zone: string } }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const navigate = useNavigate();
  const search = parseLifeCycleSearch(useSearch({ from: "/_in/members/life-cycle" }));
  const mayManage = useMay("segments.manage");
  const [setting, setSetting] = useState(false);
  const { data: cycle, error, refetch } = useLifeCycle(community.id);
  useForgetOnceCounted(cycle?.computed_at);
  const counting = cycle !== undefined && (cycle.state === "counting" || cycle.computed_day === null);
  return (
    <>
      <PageHeader
        title={t("title")}
        description={cycle?.computed_at ? t("asOf", { at: formatRelative(cycle.computed_at, community.time_zone, language) }) : t("about")}
        actions={
          mayManage && cycle ? (
            <Button icon={<SettingOutlined aria-hidden />} onClick={() => { setSetting(true); }}>{t("thresholds.action")}</Button>
          ) : null
        }
      />
      <MembersNav />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : cycle?.members === 0 && !counting ? (
        <div className="ht-card"><NothingYet title={t("empty.title")} body={t("empty.body")} guide={GUIDE} /></div>
      ) : (
        <div className="ht-stack">
          {counting ? <Alert type="info" showIcon title={t("counting")} /> : null}
          <StageCards kind="activity" cycle={cycle} community_id={community.id} />
          <StageCards kind="purchase" cycle={cycle} community_id={community.id} />
          <FlowCard
            community={community}
            stages={cycle?.kinds}
            search={search}
            onChange={(change) => void navigate({ to: ".", search: ((previous: object) => ({ ...previous, ...change })) as never, replace: true })}
          />
        </div>
      )}
      {cycle ? <ThresholdsDrawer cycle={cycle} open={setting} onClose={() => { setSetting(false); }} /> : null}
    </>
  );
}

export function LifeCyclePage() {
  const { t } = useTranslation(["lifecycle", "common"]);
  const community = useOneCommunity();
  return (
    <div className="ht-page">
      {community ? (
        <Stages key={community.id} community={community} />
      ) : (
        <>
          <PageHeader title={t("title")} description={t("about")} />
          <MembersNav />
          <ChooseCommunity title={t("chooseTitle")} body={t("chooseBody")} guide={GUIDE} />
        </>
      )}
    </div>
  );
}
