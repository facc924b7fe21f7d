/** Everything about one member: who they are at the left, what happened at the right. */
import { EllipsisOutlined } from "@ant-design/icons";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Button, Dropdown, Skeleton, type MenuProps } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../app/session";
import { usePageName } from "../app/usePageName";
import { withTexts } from "../i18n";
import { MemberTalks, WriteTo } from "../inbox/MemberTalks";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { MemberStages } from "../lifecycle/MemberStages";
import { MemberOptOuts } from "../sending/MemberOptOuts";
import { MemberSegments } from "../segments/MemberSegments";
import { MemberTagList } from "../tags/MemberTagList";
import { Attributes } from "./Attributes";
import { TABS, type Tab } from "./filters";
import { LastChange } from "./LastChange";
import { Identities, MemberFacts } from "./MemberFacts";
import { MemberLink, MemberTags } from "./MemberName";
import { MergeDialog } from "./MergeDialog";
import { Merges } from "./Merges";
import { NameForm } from "./NameForm";
import { useMember, type Member } from "./queries";
import { Participations, Stays } from "./Stays";
import { Timeline } from "./Timeline";
import { useMarkAsBot } from "./useMarkAsBot";
import "./members.css";

const MemberRuns = lazy(async () => ({ default: (await withTexts(["automation"], import("../automation/rules/MemberRuns"))).MemberRuns }));
const MemberJourneys = lazy(async () => ({ default: (await withTexts(["journeys"], import("../automation/journeys/MemberJourneys"))).MemberJourneys }));

/** Times are told in the zone of the one community concerned, else in that of the workspace. */
function useZones(member: Member | undefined) {
  const { workspace, communities } = useSession();
  const { community } = useSearch({ from: "/_in/members/$memberId" });
  const zoneOf = (id: string) => communities.find((one) => one.id === id)?.time_zone ?? workspace.time_zone;
  const zones = [...new Set((member?.participations ?? []).map((one) => zoneOf(one.community.id)))];
  const [only] = zones;
  return { zoneOf, zone: community ? zoneOf(community) : zones.length === 1 && only ? only : workspace.time_zone };
}

function Actions({ member, onRename, onMerge }: { member: Member; onRename: () => void; onMerge: () => void }) {
  const { t } = useTranslation(["members", "common"]);
  const mayChange = useMay("members.change");
  const mayMerge = useMay("members.merge");
  const bot = useMarkAsBot(member);
  if (member.merged_into !== null) return null;
  const items: NonNullable<MenuProps["items"]> = mayChange
    ? [
        { key: "rename", label: t("rename.action"), onClick: onRename },
        { key: "bot", label: t(member.is_bot ? "mark.person" : "mark.bot"), onClick: bot.toggle, disabled: bot.isPending },
      ]
    : [];
  return (
    <>
      <WriteTo memberId={member.id} />
      {mayMerge ? <Button onClick={onMerge}>{t("merge.action")}</Button> : null}
      {items.length > 0 ? (
        <Dropdown trigger={["click"]} menu={{ items }} placement="bottomRight">
          <Button icon={<EllipsisOutlined />} aria-label={t("moreActions")} />
        </Dropdown>
      ) : null}
    </>
  );
}

function MergedAway({ member }: { member: Member }) {
  const { t } = useTranslation(["members", "common"]);
  if (member.merged_into === null) return null;
  return (
    <div className="ht-notice" role="note">
      <p>
        <Phrase text={t("merged.banner", { kept: slot(0) })} parts={[<MemberLink key="kept" member={member.merged_into} />]} />
      </p>
      <p className="ht-secondary">{t("merged.where")}</p>
    </div>
  );
}

function PageBody({ member }: { member: Member }) {
  const { t } = useTranslation(["members", "common"]);
  const { zone, zoneOf } = useZones(member);
  const search = useSearch({ from: "/_in/members/$memberId" });
  const gone = member.merged_into !== null;
  const tab: Tab = search.tab ?? (gone ? "merges" : "timeline");
  const merges = member.merges.filter(({ undone_at }) => undone_at === null).length;
  const titles: Record<Tab, string> = {
    timeline: t("timeline.title"),
    memberships: t("stay.tab", { count: member.memberships_count }),
    participation: t("participation.tab", { count: member.participations.length }),
    merges: merges === 0 ? t("merges.title") : t("merges.tab", { count: merges }),
  };
  const contents: Record<Tab, () => React.ReactNode> = {
    timeline: () => <Timeline member={member} zone={zone} />,
    memberships: () => <Stays member={member} zoneOf={zoneOf} />,
    participation: () => <Participations member={member} zoneOf={zoneOf} />,
    merges: () => <Merges member={member} zone={zone} />,
  };
  return (
    <>
      <MergedAway member={member} />
      <div className="ht-member">
        <aside className="ht-card ht-member-aside ht-stack" aria-label={t("identity.aside")}>
          {gone ? null : <MemberFacts member={member} zone={zone} />}
          {gone ? null : (
            <section aria-labelledby="member-identities">
              <h2 id="member-identities">{t("identity.title")}</h2>
              <Identities identities={member.identities} zone={zone} />
            </section>
          )}
          {gone ? null : <MemberTalks memberId={member.id} zone={zone} />}
          {gone ? null : <MemberOptOuts memberId={member.id} zone={zone} />}
          {gone ? null : <Suspense fallback={null}><MemberJourneys memberId={member.id} name={member.name} zone={zone} /></Suspense>}
          {gone ? null : <Suspense fallback={null}><MemberRuns memberId={member.id} zone={zone} /></Suspense>}
          {gone ? null : <MemberTagList member={member} />}
          {gone ? null : <MemberStages member={member} />}
          {gone ? null : <MemberSegments member={member} zone={zone} />}
          {gone ? <p className="ht-secondary">{t("merged.empty")}</p> : <Attributes member={member} zone={zone} />}
        </aside>
        <div className="ht-card ht-member-main">
          <nav className="ht-tabs" aria-label={t("tabs")}>
            {(gone ? (["merges"] as const) : TABS).map((key) => (
              <Link
                key={key}
                to="/members/$memberId"
                params={{ memberId: member.id }}
                search={(previous) => ({ ...previous, tab: key === "timeline" ? undefined : key })}
                aria-current={key === tab ? "page" : undefined}
                activeOptions={{ exact: true }}
                replace
                resetScroll={false}
              >
                {titles[key]}
              </Link>
            ))}
          </nav>
          {contents[tab]()}
        </div>
      </div>
      <LastChange member={member} zone={zone} />
    </>
  );
}

export function MemberPage() {
  const { t } = useTranslation(["members", "common"]);
  const { memberId } = useParams({ from: "/_in/members/$memberId" });
  const { data: member, error, refetch, isFetching } = useMember(memberId);
  const [dialog, setDialog] = useState<"rename" | "merge" | null>(null);
  usePageName(member?.name);
  const close = () => {
    setDialog(null);
  };
  return (
    <div className="ht-page" key={memberId}>
      <PageHeader
        back={<Link to="/members">{t("back")}</Link>}
        title={member ? <SafeText text={member.name} /> : t("member")}
        badge={member ? <MemberTags member={member} /> : null}
        actions={
          member ? (
            <Actions
              member={member}
              onRename={() => {
                setDialog("rename");
              }}
              onMerge={() => {
                setDialog("merge");
              }}
            />
          ) : null
        }
      />
      {member ? (
        <PageBody member={member} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <div className="ht-member" role="status" aria-label={t("common:loading")}>
          <div className="ht-card ht-member-aside">
            <Skeleton active title={false} paragraph={{ rows: 9 }} />
          </div>
          <div className="ht-card ht-member-main">
            <Skeleton active title={false} paragraph={{ rows: 14 }} />
          </div>
        </div>
      )}
      {dialog === "merge" && member ? <MergeDialog keptId={member.id} onClose={close} /> : null}
      {dialog === "rename" && member ? <NameForm member={member} onClose={close} /> : null}
    </div>
  );
}
