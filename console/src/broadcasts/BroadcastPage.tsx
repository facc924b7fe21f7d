/** One broadcast: while it is a draft the steps of writing it, afterwards how far it is and what came of it. */
import { Link, useParams } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { usePageName } from "../app/usePageName";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { SafeText } from "../kit/SafeText";
import { useBroadcast } from "./queries";
import { Results } from "./Results";
import { StateTag } from "./StateTag";
import { Wizard } from "./Wizard";
import "./broadcasts.css";

export function BroadcastPage() {
  const { t } = useTranslation(["broadcasts", "common"]);
  const { broadcastId } = useParams({ from: "/_in/content/broadcasts/$broadcastId" });
  const { data, error, refetch } = useBroadcast(broadcastId);
  usePageName(data?.name);
  const back = <Link to="/content/broadcasts">{t("title")}</Link>;
  if (error && !data) return <div className="ht-page"><PageHeader title={t("one")} back={back} /><ErrorState error={error} onRetry={() => void refetch()} /></div>;
  if (!data) return <div className="ht-page"><PageHeader title={t("one")} back={back} /><Skeleton active paragraph={{ rows: 8 }} /></div>;
  return (
    <div className="ht-page">
      <PageHeader title={<SafeText text={data.name} />} badge={<StateTag state={data.state} />} back={back} />
      {data.state === "draft" ? <Wizard key={data.id} broadcast={data} /> : <Results broadcast={data} />}
    </div>
  );
}
