/** One group: where it is, its numbers, who stays, what to look at, its name. */
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Skeleton, Tag } from "antd";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay, useSession } from "../app/session";
import { usePageName } from "../app/usePageName";
import { formatDay } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { SafeText } from "../kit/SafeText";
import { useChannelName } from "../members/channels";
import { useReportScope } from "../reports/scope";
import "./communities.css";
import { GROUP_TABS } from "./filters";
import { GroupSettings } from "./GroupSettings";
import { LastChange } from "./LastChange";
import { NumbersTab } from "./NumbersTab";
import { useNobodyYet, useOneGroup, type Group } from "./queries";
import { Tabs } from "./Tabs";
import { useSwitcher } from "./useSwitcher";

function Shown({ group }: { group: Group }) {
  const { t } = useTranslation(["communities", "reports", "shell", "common"]);
  const language = useLanguage();
  const channelName = useChannelName();
  const { communities } = useSession();
  const search = useSearch({ from: "/_in/communities/$communityId/groups/$groupId" });
  const scope = useReportScope({ community: group.community_id, group: group.id });
  const nobodyYet = useNobodyYet({ group_id: group.id }, group.members);
  const mayImport = useMay("imports.run");
  const tab = search.tab ?? "overview";
  const isSample = communities.some(({ id, is_sample }) => id === group.community_id && is_sample);
  return (
    <div className="ht-page">
      <PageHeader
        back={
          <nav className="ht-crumbs" aria-label={t("crumbs")}>
            <Link to="/communities" search={{ community: undefined } as never} activeOptions={{ exact: true }}>{t("shell:nav.communities")}</Link>
            <span aria-hidden>/</span>
            <Link to="/communities/$communityId" params={{ communityId: group.community_id }} search={{ community: group.community_id, tab: "groups" }} activeOptions={{ exact: true }}>
              <SafeText text={group.community_name} />
            </Link>
          </nav>
        }
        title={<SafeText text={group.name} />}
        badge={
          <span className="ht-marks">
            <Tag variant="outlined">{channelName(group.channel)}</Tag>
            {isSample ? <Tag color="warning" variant="filled">{t("shell:sample")}</Tag> : null}
            {group.archived_at === null ? null : <Tag variant="filled">{t("archived")}</Tag>}
          </span>
        }
        description={
          <>
            <span className="ht-block">{t("group.membersNow", { count: group.members, shown: formatCount(group.members) })}</span>
            {group.external_id ? <span className="ht-block">{t("group.externalId")} <code><SafeText text={group.external_id} /></code></span> : null}
            {scope.endsAt ? <span className="ht-block">{t("reports:endsAt", { day: formatDay(scope.endsAt, language) })}</span> : null}
          </>
        }
        actions={
          <>
            <ButtonLink to="/members" search={{ community: group.community_id, group: group.id }}>{t("seeMembers")}</ButtonLink>
            {mayImport && group.archived_at === null ? <ButtonLink to="/communities/import" search={{ group: group.id }}>{t("import")}</ButtonLink> : null}
          </>
        }
      />
      <Tabs label={t("tabs.label")} tabs={GROUP_TABS.map((key) => ({ key, name: t(`tabs.${key}`) }))} shown={tab} first="overview" />
      {tab === "settings" ? (
        <GroupSettings key={group.id} group={group} />
      ) : (
        <NumbersTab tab={tab} scope={scope} nobodyYet={nobodyYet} search={search} list={search.list ?? "questions"} without={["group", "channel"]} group_id={group.id} />
      )}
      <LastChange id={group.id} at={group.updated_at} zone={scope.zone} />
    </div>
  );
}

export function GroupPage() {
  const { groupId } = useParams({ from: "/_in/communities/$communityId/groups/$groupId" });
  const { data, error, refetch, isFetching } = useOneGroup(groupId);
  usePageName(data?.name);
  useSwitcher(data?.community_id);
  if (data) return <Shown group={data} />;
  return (
    <div className="ht-page">
      {error ? <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} /> : <Skeleton active paragraph={{ rows: 12 }} />}
    </div>
  );
}
