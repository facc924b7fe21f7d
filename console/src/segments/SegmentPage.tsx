/** One segment: who it is at the left; its members, growth, what marks them, and its history at the right. */
import { EllipsisOutlined } from "@ant-design/icons";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Button, Dropdown, Skeleton, type MenuProps } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { usePageName } from "../app/usePageName";
import { Tabs } from "../communities/Tabs";
import { formatDateTime, formatZone } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { CopySegment, SnapshotSegment } from "./CreateStatic";
import { DeleteSegment } from "./DeleteSegment";
import { ExportSegment } from "./ExportSegment";
import { parseSegmentSearch } from "./filters";
import { useBuildSegment, useSegment, type Segment } from "./queries";
import { SegmentMarks } from "./SegmentName";
import { FIRST_TAB, useSegmentTabs } from "./tabs";
import { Uses } from "./Uses";
import "../members/members.css";
import "./segments.css";

type Dialog = "copy" | "snapshot" | "delete" | "export";

export function useZoneOf(segment: Segment): string {
  const { communities, workspace } = useSession();
  return communities.find(({ id }) => id === segment.community?.id)?.time_zone ?? workspace.time_zone;
}

function Actions({ segment, onDialog }: { segment: Segment; onDialog: (dialog: Dialog) => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { message } = App.useApp();
  const mayManage = useMay("segments.manage");
  const mayExport = useMay("members.export");
  const path = useWorkspacePath();
  const build = useBuildSegment();
  const isLive = segment.kind === "live";
  async function rebuild() {
    try {
      await build.mutateAsync({ params: { path: { ...path, segment_id: segment.id } } });
      void message.info(t("actions.building"));
    } catch {
      void message.error(t("actions.failed"));
    }
  }
  const items: NonNullable<MenuProps["items"]> = [
    ...(mayExport ? [{ key: "export", label: t("actions.export"), onClick: () => { onDialog("export"); } }] : []),
    ...(mayManage
      ? [
          { key: "copy", label: t("actions.copy"), onClick: () => { onDialog("copy"); } },
          ...(isLive
            ? [
                { key: "snapshot", label: t("actions.snapshot"), onClick: () => { onDialog("snapshot"); } },
                { key: "build", label: t("actions.build"), onClick: () => void rebuild(), disabled: build.isPending || segment.state === "building" },
              ]
            : []),
          { type: "divider" as const },
          { key: "delete", label: t("actions.delete"), danger: true, onClick: () => { onDialog("delete"); } },
        ]
      : []),
  ];
  return (
    <>
      {mayManage && isLive ? (
        <ButtonLink to="/members/segments/$segmentId/edit" params={{ segmentId: segment.id }} type="primary">
          {t("actions.edit")}
        </ButtonLink>
      ) : null}
      {items.length > 0 ? (
        <Dropdown trigger={["click"]} autoFocus menu={{ items }} placement="bottomRight">
          <Button icon={<EllipsisOutlined />} aria-label={t("actions.more")} />
        </Dropdown>
      ) : null}
    </>
  );
}

function Identity({ segment }: { segment: Segment }) {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const zone = useZoneOf(segment);
  return (
    <aside className="ht-card ht-stack" aria-label={t("page.identity")}>
      <p className="ht-segment-size">
        <strong>{formatCount(segment.members_count)}</strong> <span className="ht-secondary">{t("page.members", { count: segment.members_count })}</span>
      </p>
      {segment.description ? <p><SafeText text={segment.description} /></p> : null}
      {segment.sentence ? (
        <section aria-labelledby="segment-said">
          <h2 id="segment-said">{t("edit.condition")}</h2>
          <p className="ht-sentence">{segment.sentence[language]}</p>
        </section>
      ) : null}
      {segment.problems.length > 0 ? (
        <section className="ht-notice" role="note" aria-label={t("page.problems")}>
          <p>{t("page.problems")}</p>
          <ul>
            {segment.problems.map(({ field, message }) => (
              <li key={`${field} ${message}`}>{message}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <dl className="ht-facts">
        <dt>{t("page.kind")}</dt>
        <dd>{t(`kind.${segment.kind}`)}</dd>
        <dt>{t("page.state")}</dt>
        <dd title={t(`stateHint.${segment.state}`)}>{t(`state.${segment.state}`)}</dd>
        {segment.built_at ? (
          <>
            <dt>{t("page.built")}</dt>
            <dd><RelativeTime at={segment.built_at} zone={zone} /></dd>
          </>
        ) : null}
        <dt>{t("edit.days")}</dt>
        <dd>{segment.community ? <SafeText text={segment.community.name} /> : null} <span className="ht-secondary">{formatZone(new Date(), zone)}</span></dd>
        {segment.kind === "live" ? (
          <>
            <dt>{t("page.version")}</dt>
            <dd>{formatCount(segment.version)}</dd>
          </>
        ) : null}
      </dl>
      <section aria-labelledby="segment-uses">
        <h2 id="segment-uses">{t("uses.title")}</h2>
        <Uses segment={segment} />
      </section>
      <p className="ht-secondary">{t("page.made", { by: segment.created_by_name, at: formatDateTime(segment.created_at, zone, language) })}</p>
    </aside>
  );
}

function Shown({ segment }: { segment: Segment }) {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const navigate = useNavigate();
  const search = parseSegmentSearch(useSearch({ from: "/_in/members/segments/$segmentId" }));
  const zone = useZoneOf(segment);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => { setDialog(null); };
  const tabs = useSegmentTabs(segment);
  const shown = tabs.find(({ key }) => key === search.tab) ?? tabs[0];
  return (
    <div className="ht-page">
      <PageHeader
        back={<Link to="/members/segments">{t("title")}</Link>}
        title={<SafeText text={segment.name} />}
        badge={<SegmentMarks segment={segment} />}
        actions={<Actions segment={segment} onDialog={setDialog} />}
      />
      <div className="ht-member">
        <Identity segment={segment} />
        <div className="ht-segment-main">
          <Tabs label={t("page.tabs")} tabs={tabs} shown={shown?.key ?? FIRST_TAB} first={FIRST_TAB} />
          {shown?.render(zone)}
        </div>
      </div>
      <p className="ht-secondary ht-page-foot">{t("page.changed", { by: segment.changed_by_name, at: formatDateTime(segment.updated_at, zone, language) })}</p>
      {dialog === "copy" ? <CopySegment segment={segment} onClose={close} /> : null}
      {dialog === "snapshot" ? <SnapshotSegment segment={segment} onClose={close} /> : null}
      {dialog === "export" ? <ExportSegment segment={segment} onClose={close} /> : null}
      {dialog === "delete" ? <DeleteSegment segment={segment} onClose={close} onDeleted={() => void navigate({ to: "/members/segments" })} /> : null}
    </div>
  );
}

export function SegmentPage() {
  const { segmentId } = useParams({ from: "/_in/members/segments/$segmentId" });
  const { data, error, refetch, isFetching } = useSegment(segmentId);
  usePageName(data?.name);
  if (data) return <Shown key={data.id} segment={data} />;
  return (
    <div className="ht-page">
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <div className="ht-member">
          <div className="ht-card"><Skeleton active paragraph={{ rows: 8 }} /></div>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 14 }} /></div>
        </div>
      )}
    </div>
  );
}
