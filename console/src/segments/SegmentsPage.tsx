/** The list of segments: who they are in words, how many, and which way it goes. */
import { DownOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay, useSession } from "../app/session";
import { formatCount, formatDifference, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { FilterBar } from "../kit/filters/FilterBar";
import { filtersInUse } from "../kit/filters/schema";
import { PageHeader } from "../kit/PageHeader";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { Sparkline } from "../kit/Sparkline";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { MembersNav } from "../members/MembersNav";
import { CreateStatic } from "./CreateStatic";
import { matches, searchText } from "./editor/search";
import { parseSegmentsSearch, segmentFilters, type SegmentsSearch } from "./filters";
import { useSegments, type Segment } from "./queries";
import { SegmentLink, SegmentMarks } from "./SegmentName";
import "../members/members.css";
import "./segments.css";

function Week({ segment }: { segment: Segment }) {
  const { t } = useTranslation(["segments", "common"]);
  const { trend } = segment;
  const [first, last] = [trend[0], trend.at(-1)];
  if (first === undefined || last === undefined || trend.length < 2) return NO_VALUE;
  const difference = formatDifference(last - first);
  return (
    <span className="ht-week">
      <Sparkline values={trend} width={64} height={24} label={t("list.weekSaid", { from: formatCount(first), to: formatCount(last) })} />
      <span className="ht-number">{difference}</span>
    </span>
  );
}

/** A workspace has few enough segments to look through here. */
function fits({ name, description, kind, sentence }: Segment, search: SegmentsSearch): boolean {
  const text = searchText(name, description, sentence?.zh ?? "", sentence?.en ?? "");
  return (search.kind === undefined || kind === search.kind) && (search.q === undefined || matches(text, search.q));
}

function useSegmentColumns(): DataColumn<Segment>[] {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  return [
    {
      key: "name",
      title: t("list.name"),
      width: 220,
      fixed: true,
      render: (segment) => (
        <span className="ht-member-name">
          <SegmentLink segment={segment} />
          <SegmentMarks segment={segment} />
        </span>
      ),
    },
    {
      key: "sentence",
      title: t("list.sentence"),
      width: 340,
      render: ({ sentence, description }) =>
        sentence ? (
          <span className="ht-clamp" title={sentence[language]}>
            <SafeText text={sentence[language]} />
          </span>
        ) : (
          <span className="ht-secondary">{description ? <SafeText text={description} /> : t("kind.static")}</span>
        ),
    },
    { key: "members", title: t("list.members"), width: 110, align: "right", render: ({ members_count }) => formatCount(members_count) },
    { key: "week", title: t("list.week"), width: 150, render: (segment) => <Week segment={segment} /> },
    { key: "uses", title: t("list.uses"), width: 90, align: "right", render: ({ uses_count }) => formatCount(uses_count) },
    { key: "updated", title: t("list.updated"), width: 170, render: ({ updated_at }) => <RelativeTime at={updated_at} zone={workspace.time_zone} /> },
    { key: "by", title: t("list.by"), width: 140, hidden: true, render: ({ changed_by_name }) => <SafeText text={changed_by_name} /> },
  ];
}

export function NewSegment({ onStatic }: { onStatic: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  return (
    <>
      <Dropdown trigger={["click"]} autoFocus menu={{ items: [{ key: "static", label: t("create.static"), onClick: onStatic }] }} placement="bottomRight">
        <Button icon={<DownOutlined />} aria-label={t("create.more")} />
      </Dropdown>
      <ButtonLink to="/members/segments/new" type="primary">
        {t("create.action")}
      </ButtonLink>
    </>
  );
}

export function SegmentsPage() {
  const { t } = useTranslation(["segments", "common"]);
  const navigate = useNavigate({ from: "/members/segments" });
  const search = parseSegmentsSearch(useSearch({ from: "/_in/members/segments" }));
  const mayManage = useMay("segments.manage");
  const [creating, setCreating] = useState(false);
  const list = useSegments();
  const columns = useSegmentColumns();
  const rows = list.data?.filter((segment) => fits(segment, search));
  const show = (next: SegmentsSearch) => {
    void navigate({ search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...(previous.community ? { community: previous.community } : {}), ...next }), replace: true });
  };
  const openStatic = () => { setCreating(true); };
  return (
    <div className="ht-page">
      <PageHeader title={t("title")} description={t("about")} actions={mayManage ? <NewSegment onStatic={openStatic} /> : null} />
      <MembersNav />
      <FilterBar
        filters={segmentFilters}
        values={search}
        onChange={show}
        fields={{
          q: { label: t("filter.q") },
          kind: { label: t("filter.kind"), options: [{ value: "live", label: t("kind.live") }, { value: "static", label: t("kind.static") }] },
        }}
      />
        <DataTable
          id="segments"
          label={t("title")}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          error={list.data ? null : list.error}
          onRetry={() => void list.refetch()}
          empty={
            filtersInUse(search) > 0 ? (
              <NothingMatches onClear={() => { show({}); }} />
            ) : (
              <NothingYet title={t("empty.title")} body={t("empty.body")} guide="segments" action={mayManage ? <ButtonLink to="/members/segments/new" type="primary">{t("create.action")}</ButtonLink> : undefined} />
            )
          }
          onOpen={({ id }) => void navigate({ to: "/members/segments/$segmentId", params: { segmentId: id } })}
        />
      {creating ? <CreateStatic onClose={() => { setCreating(false); }} /> : null}
    </div>
  );
}
