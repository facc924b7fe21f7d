/** One community: what it is, its numbers, its groups, who stays, what to look at, its settings. */
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay } from "../app/session";
import { usePageName } from "../app/usePageName";
import { formatDay, formatZone } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { SafeText } from "../kit/SafeText";
import { useReportScope } from "../reports/scope";
import { CommunitySettings } from "./CommunitySettings";
import "./communities.css";
import { COMMUNITY_TABS } from "./filters";
import { GroupsTab } from "./GroupsTab";
import { LastChange } from "./LastChange";
import { Marks } from "./Marks";
import { NumbersTab } from "./NumbersTab";
import { useNobodyYet, useOneCommunity, type Community } from "./queries";
import { Tabs } from "./Tabs";
import { useSwitcher } from "./useSwitcher";

function Shown({ community }: { community: Community }) {
  const { t } = useTranslation(["communities", "reports", "shell", "common"]);
  const language = useLanguage();
  const search = useSearch({ from: "/_in/communities/$communityId" });
  const scope = useReportScope({ community: community.id });
  const nobodyYet = useNobodyYet({ community_id: community.id }, community.members);
  const mayImport = useMay("imports.run");
  const tab = search.tab ?? "overview";
  return (
    <div className="ht-page">
      <PageHeader
        back={<Link to="/communities" search={{ community: undefined } as never} activeOptions={{ exact: true }}>{t("shell:nav.communities")}</Link>}
        title={<SafeText text={community.name} />}
        badge={<Marks community={community} />}
        description={
          <>
            {community.description ? <span className="ht-block"><SafeText text={community.description} /></span> : null}
            <span>{formatZone(new Date(), community.time_zone)}</span>
            {scope.endsAt ? <span className="ht-block">{t("reports:endsAt", { day: formatDay(scope.endsAt, language) })}</span> : null}
          </>
        }
        actions={
          <>
            <ButtonLink to="/members" search={{ community: community.id }}>{t("seeMembers")}</ButtonLink>
            {mayImport && community.archived_at === null ? <ButtonLink to="/communities/import">{t("import")}</ButtonLink> : null}
          </>
        }
      />
      <Tabs label={t("tabs.label")} tabs={COMMUNITY_TABS.map((key) => ({ key, name: t(`tabs.${key}`) }))} shown={tab} first="overview" />
      {tab === "groups" ? (
        <GroupsTab community={community} />
      ) : tab === "settings" ? (
        <CommunitySettings key={community.id} community={community} />
      ) : (
        <NumbersTab tab={tab} scope={scope} nobodyYet={nobodyYet} search={search} list={search.list ?? "questions"} />
      )}
      <LastChange id={community.id} at={community.updated_at} zone={community.time_zone} />
    </div>
  );
}

export function CommunityPage() {
  const { communityId } = useParams({ from: "/_in/communities/$communityId" });
  const { data, error, refetch, isFetching } = useOneCommunity(communityId);
  usePageName(data?.name);
  useSwitcher(data?.id);
  if (data) return <Shown community={data} />;
  return (
    <div className="ht-page">
      {error ? <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} /> : <Skeleton active paragraph={{ rows: 12 }} />}
    </div>
  );
}
