/** The catalogue of events: what the product declares, and what was seen and waits for somebody to say what it is. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useSession, useWorkspacePath } from "../../app/session";
import { formatCount, NO_VALUE } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { NothingMatches, NothingYet } from "../../kit/EmptyState";
import { FilterBar } from "../../kit/filters/FilterBar";
import { filtersInUse } from "../../kit/filters/schema";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { EventTypeDrawer } from "./EventTypeDrawer";
import { eventTypeFilters, REVIEWS } from "./filters";
import { EVENT_TYPES, type EventType } from "./queries";
import { ReviewButtons } from "./ReviewButtons";
import { SettingsFrame, useMaySee } from "./SettingsFrame";

const COLOR = { unreviewed: "warning", accepted: "success", ignored: "default", declared: "default" } as const;

export function EventTypesPage() {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const navigate = useNavigate();
  const path = useWorkspacePath();
  const { workspace } = useSession();
  const may = useMaySee("eventTypes");
  const { q, review } = useSearch({ from: "/_in/settings/event-types" });
  const values = { ...(q ? { q } : {}), ...(review ? { review } : {}) };
  const [opened, setOpened] = useState<string | null>(null);
  const { data, error, refetch } = $api.useQuery("get", EVENT_TYPES, { params: { path } }, { enabled: may });
  const needle = q?.toLocaleLowerCase();
  const rows = data?.items.filter(
    (one) =>
      (review === undefined || one.review === review) &&
      (needle === undefined || [one.name, one.name_zh, one.name_en, one.description].some((text) => text.toLocaleLowerCase().includes(needle))),
  );
  // What waits comes first: that is what somebody is here for.
  const sorted = rows && [...rows].sort((a, b) => REVIEWS.indexOf(a.review) - REVIEWS.indexOf(b.review));
  const waiting = data?.items.filter(({ review: state }) => state === "unreviewed").length ?? 0;
  const show = (next: typeof values) =>
    void navigate({ to: "/settings/event-types", search: (previous) => ({ ...previous, q: next.q, review: next.review }), replace: true });
  const zone = workspace.time_zone;
  const columns: DataColumn<EventType>[] = [
    {
      key: "name",
      title: t("eventTypes.name"),
      width: 220,
      fixed: true,
      render: (one) => {
        const name = language === "zh" ? one.name_zh : one.name_en;
        return (
          <div className="ht-pair">
            <SafeText text={name} />
            {name === one.name ? null : <code className="ht-secondary">{one.name}</code>}
          </div>
        );
      },
    },
    { key: "review", title: t("eventTypes.review"), width: 110, render: (one) => <Tag color={COLOR[one.review]} variant="filled">{t(`eventTypes.reviews.${one.review}`)}</Tag> },
    { key: "activity", title: t("eventTypes.activity"), width: 100, render: (one) => (one.is_activity ? t("eventTypes.counts") : NO_VALUE) },
    { key: "events", title: t("eventTypes.events"), width: 90, align: "right", render: (one) => formatCount(one.events) },
    { key: "seen", title: t("eventTypes.seen"), width: 160, render: (one) => (one.last_seen_at ? <RelativeTime at={one.last_seen_at} zone={zone} /> : NO_VALUE) },
    { key: "properties", title: t("eventTypes.properties"), width: 80, align: "right", render: (one) => formatCount(one.properties.length) },
    { key: "description", title: t("eventTypes.description"), width: 220, render: (one) => (one.description ? <SafeText text={one.description} /> : NO_VALUE) },
    { key: "actions", title: t("actions"), width: 150, fixed: true, render: (one) => <ReviewButtons type={one} /> },
  ];
  return (
    <SettingsFrame
      section="eventTypes"
      badge={waiting > 0 ? <Tag color="warning" variant="filled">{t("eventTypes.waiting", { count: waiting })}</Tag> : undefined}
    >
      <FilterBar
        filters={eventTypeFilters}
        fields={{
          q: { label: t("eventTypes.search") },
          review: { label: t("eventTypes.review"), options: REVIEWS.map((value) => ({ value, label: t(`eventTypes.reviews.${value}`) })) },
        }}
        values={values}
        onChange={show}
      />
      <DataTable
        id="event-types"
        label={t("eventTypes.title")}
        columns={columns}
        rows={sorted}
        rowKey={({ name }) => name}
        total={sorted?.length ?? null}
        error={data ? null : error}
        onRetry={() => void refetch()}
        onOpen={({ name }) => { setOpened(name); }}
        empty={
          filtersInUse(values) > 0 ? (
            <NothingMatches onClear={() => { show({}); }} />
          ) : (
            <NothingYet title={t("eventTypes.title")} body={t("eventTypes.about")} guide="data-sources" />
          )
        }
      />
      <EventTypeDrawer type={data?.items.find(({ name }) => name === opened)} onClose={() => { setOpened(null); }} />
    </SettingsFrame>
  );
}
