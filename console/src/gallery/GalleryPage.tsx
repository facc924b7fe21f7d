/** Every component of the kit in its states, inside the real shell. Only in development builds. */
import { useLocation, useNavigate } from "@tanstack/react-router";
import { Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem, networkProblem } from "../api/problem";
import { PageSkeleton } from "../app/PageSkeleton";
import { PageTitle } from "../app/PageTitle";
import { SessionContext, type Session } from "../app/session";
import { Shell } from "../app/Shell";
import { formatDay, weekdayNames } from "../format/dates";
import { formatCount } from "../format/numbers";
import type { Language } from "../i18n/language";
import { useLanguage } from "../i18n/useLanguage";
import { ChartCard } from "../kit/charts/ChartCard";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { CopyField } from "../kit/CopyField";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { days, manyOf, oneOf, parseFilters, text, yesNo, type FilterValues } from "../kit/filters/schema";
import { PageHeader } from "../kit/PageHeader";
import { ProgressPanel } from "../kit/ProgressPanel";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { StatCard } from "../kit/StatCard";
import { DataTable, type Sort } from "../kit/table/DataTable";
import { UploadDrop } from "../kit/UploadDrop";
import { Conditions } from "./Conditions";
import { activeMembers, hours, messagesByGroup, newAndLeft, people, retention, trend, ZONE, type Person } from "./samples";

const GIGABYTE = 1024 ** 3;
const filters = { q: text(), state: oneOf(["active", "silent"]), groups: manyOf(["a", "b"]), days: days(), sample: yesNo() };

const made = "2026-10-01T02:00:00Z";
const workspace: Session["workspace"] = { id: "0193", name: "青石读书会", time_zone: ZONE, language: "zh", created_at: made };
const community = (id: string, name: string, is_sample: boolean): Session["communities"][number] => ({
  id,
  name,
  kind: "content",
  description: "",
  time_zone: ZONE,
  is_sample,
  groups: 2,
  members: 620,
  created_at: made,
  updated_at: made,
  archived_at: null,
});
const session: Session = {
  user: { id: "0192", name: "林小满", email: "xiaoman@example.org", language: "zh", created_at: made },
  workspace,
  role: "owner",
  permissions: [],
  places: [{ workspace, role: "owner", permissions: [] }],
  communities: [community("c1", "早起读书会", true), community("c2", "南城跑团", false)],
};

const problem = new ApiProblem({
  type: "about:blank",
  title: "",
  status: 503,
  detail: "",
  code: "warehouse_busy",
  params: {},
  request_id: "0199c2a4-7d1e-7c31-9a52-4f0d2a11c0de",
  errors: [],
});

// The gallery is no part of the product, so its words stay out of the files of texts.
const words: Record<Language, (zh: string, en: string) => string> = { zh: (zh) => zh, en: (_zh, en) => en };

function Numbers() {
  const language = useLanguage();
  const w = words[language];
  const definition = {
    text: w("在当天至少发过一条消息或做过一次互动的成员数，按社群所在时区计算。", "Members who sent at least one message or took part at least once on that day, in the community's zone."),
    formula: "count(distinct member)",
    href: "/docs/metrics#dau",
  };
  const against = w("前 30 天", "the 30 days before");
  return (
    <div className="ht-cards">
      <StatCard label={w("日活", "DAU")} value={12_847} comparison={{ value: 11_439, against }} better="up" trend={trend} definition={definition} />
      <StatCard label={w("次日留存", "Day-1 retention")} value={0.342} unit="percent" comparison={{ value: 0.361, against }} better="up" trend={trend.slice().reverse()} definition={definition} />
      <StatCard label={w("人均消息", "Messages per speaker")} value={3.14} unit="decimal" comparison={{ value: 3.14, against }} definition={definition} />
      <StatCard label={w("新成员", "New members")} value={128} comparison={{ value: null, against }} better="up" definition={definition} />
      <StatCard label={w("离开", "Left")} value={null} definition={definition} loading />
    </div>
  );
}

function Charts({ onDrill }: { onDrill: (text: string) => void }) {
  const language = useLanguage();
  const w = words[language];
  const scope = w("早起读书会 · 最近 30 天", "Early Readers · last 30 days");
  const drill = (point: { series: string; x: string; value: number }) => {
    onDrill(`${point.series} ${point.x} ${point.value}`);
  };
  const [day, empty] = [w("日期", "Day"), <NothingMatches key="none" />];
  return (
    <div className="ht-charts">
      <ChartCard title={w("来的人变多了吗？", "Are more people coming?")} scope={scope} definition={{ text: scope }} empty={empty} onDrill={drill} chart={activeMembers({ day, now: w("最近 30 天", "Last 30 days"), before: w("前 30 天", "30 days before") })} />
      <ChartCard title={w("哪个群在说话？", "Which group talks?")} scope={scope} empty={empty} onDrill={drill} chart={messagesByGroup(day)} />
      <ChartCard title={w("谁来了，谁走了？", "Who came and who left?")} scope={scope} empty={empty} onDrill={drill} chart={newAndLeft({ day, joined: w("加入", "Joined"), left: w("离开", "Left") })} />
      <ChartCard title={w("大家什么时候在？", "When are people here?")} scope={scope} empty={empty} onDrill={drill} chart={hours(weekdayNames(language))} />
      <ChartCard title={w("谁留下来了？", "Who stayed?")} scope={scope} empty={empty} onDrill={drill} chart={retention((index) => w(`第 ${index} 周`, `Week ${index}`), (date) => formatDay(date, language))} />
      <ChartCard title={w("没有数据时", "Without data")} scope={scope} empty={empty} chart={{ kind: "line", unit: "count", x: { title: day, kind: "days", values: [] }, series: [] }} />
      <ChartCard title={w("还在加载时", "While loading")} scope={scope} empty={empty} chart={undefined} />
      <ChartCard title={w("出错时", "When it fails")} scope={scope} empty={empty} chart={undefined} error={problem} onRetry={() => undefined} />
    </div>
  );
}

function People() {
  const language = useLanguage();
  const w = words[language];
  const [chosen, setChosen] = useState<string[]>([]);
  const [sort, setSort] = useState<Sort | undefined>({ key: "messages", descending: true });
  const [opened, setOpened] = useState<Person | null>(null);
  const navigate = useNavigate();
  const search: Record<string, unknown> = useLocation({ select: (location) => location.search });
  const values = parseFilters(filters, search);
  return (
    <section>
      <FilterBar
        filters={filters}
        values={values}
        onChange={(next: FilterValues<typeof filters>) => navigate({ to: ".", search: () => next as Record<string, never>, replace: true })}
        fields={{
          q: { label: w("搜索成员", "Search members") },
          state: { label: w("状态", "State"), options: [{ value: "active", label: w("活跃", "Active") }, { value: "silent", label: w("沉默", "Silent") }] },
          groups: { label: w("群", "Group"), options: [{ value: "a", label: "早起读书群" }, { value: "b", label: "南城跑团" }] },
          days: { label: w("日期", "Dates") },
          sample: { label: w("示例", "Sample") },
        }}
      >
        {w("12,847 位成员", "12,847 members")}
      </FilterBar>
      <DataTable<Person>
        id="gallery"
        label={w("成员列表", "List of members")}
        rows={people}
        rowKey={(row) => row.id}
        total={12_847}
        sort={sort}
        onSort={setSort}
        onOpen={setOpened}
        selection={{ keys: chosen, onChange: setChosen, actions: <Button size="small">{w("加标签", "Add a tag")}</Button> }}
        empty={<NothingMatches />}
        pages={{ kind: "more", hasMore: true, loadingMore: false, onMore: () => undefined }}
        columns={[
          { key: "name", title: w("成员", "Member"), fixed: true, width: 220, render: (row) => <a href={`#${row.id}`}><SafeText text={row.name} clip /></a> },
          { key: "group", title: w("群", "Group"), width: 160, render: (row) => <SafeText text={row.group} clip /> },
          { key: "messages", title: w("消息", "Messages"), align: "right", sortable: true, width: 120, render: (row) => formatCount(row.messages) },
          { key: "last", title: w("最近发言", "Last message"), width: 200, render: (row) => <RelativeTime at={row.last} zone={ZONE} /> },
        ]}
      />
      <p role="status">{opened ? <SafeText text={opened.name} /> : null}</p>
    </section>
  );
}

function States({ note }: { note: string }) {
  const language = useLanguage();
  const w = words[language];
  const [danger, setDanger] = useState(false);
  const [files, setFiles] = useState<File[]>([]);
  const unit = w("条消息", "messages");
  return (
    <>
      <div className="ht-charts">
        <ProgressPanel title="zig_irc.zip" state="running" done={128_470} total={303_896} unit={unit} rate_per_second={27_400} left_seconds={64} onCancel={() => undefined} />
        <ProgressPanel title="result.json" state="done" done={303_896} total={303_896} unit={unit} />
        <ProgressPanel title="broken.txt" state="failed" done={1_204} total={9_000} unit={unit} />
        <div className="ht-card">
          <UploadDrop label={w("聊天记录文件", "Chat history files")} multiple size_bytes_max={GIGABYTE} onFiles={setFiles} hint={w("单个文件最大 1 GB", "Up to 1 GB a file")} />
          <p>{files.map((file) => file.name).join(", ")}</p>
        </div>
        <div className="ht-card">
          <CopyField label={w("写入密钥", "Write key")} value="wk_4f0d2a11c0de9a527c310199c2a47d1e" />
          <p>
            <Button danger onClick={() => { setDanger(true); }}>{w("删除社群", "Delete the community")}</Button>
          </p>
          <p role="status" id="note">{note}</p>
        </div>
        <div className="ht-card">
          <NothingYet title={w("还没有社群", "There is no community yet")} body={w("导入聊天记录时可以顺便建好。", "Create one while importing a chat history.")} action={<Button type="primary">{w("导入聊天记录", "Import a chat history")}</Button>} guide="import" />
        </div>
      </div>
      <ErrorState error={networkProblem(null)} onRetry={() => undefined} />
      <ConfirmDanger
        open={danger}
        title={w("删除「早起读书会」？", "Delete “Early Readers”?")}
        consequence={<p>{w("会删除 4 个群、3,000 位成员和 200,318 个事件。", "This removes 4 groups, 3,000 members and 200,318 events.")}</p>}
        action={w("删除", "Delete")}
        typeName="早起读书会"
        onConfirm={() => Promise.reject(problem)}
        onClose={() => { setDanger(false); }}
      />
    </>
  );
}

export function GalleryPage() {
  const { t } = useTranslation(["shell", "common"]);
  const language = useLanguage();
  const w = words[language];
  const [note, setNote] = useState("");
  return (
    <SessionContext value={session}>
      <PageTitle workspace={session.workspace.name} />
      <Shell>
        <div className="ht-page">
          <PageHeader
            title={t("title.gallery")}
            badge={<Tag>{t("sample")}</Tag>}
            description={w("控制台的所有组件，以及它们的各种状态。", "Every component of the console, in each of its states.")}
            actions={<Button type="primary">{w("导入聊天记录", "Import a chat history")}</Button>}
          />
          <Numbers />
          <Charts onDrill={setNote} />
          <People />
          <Conditions />
          <States note={note} />
        </div>
        <PageSkeleton />
      </Shell>
    </SessionContext>
  );
}
