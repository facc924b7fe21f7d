/** The filters of the pages of numbers: days, what to compare with, groups, channel. All of them are in the address. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { Select } from "../kit/Select";
import { CustomDays, DaysFilter } from "../kit/filters/DaysFilter";
import { filtersInUse } from "../kit/filters/schema";
import { plainText } from "../kit/safeText";
import { useChannelName } from "../members/channels";
import { DAYS_DEFAULT, useChangeSearch, type Comparison, type ReportSearch } from "./filters";
import type { ReportScope } from "./scope";

const GROUPS_PAGE = 200;
const GROUPS_CHOSEN_MAX = 50;

/** Every group of the community (of all, where none is chosen), for names and choices. */
export function useGroups(community: string | undefined) {
  const { workspace_id } = useWorkspacePath();
  const found = useInfiniteQuery({
    queryKey: ["get", "/api/workspaces/{workspace_id}/groups", "all", workspace_id, community],
    initialPageParam: undefined as string | undefined,
    async queryFn({ pageParam, signal }) {
      const query = { limit: GROUPS_PAGE, ...(community ? { community_id: community } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET("/api/workspaces/{workspace_id}/groups", { params: { path: { workspace_id }, query }, signal });
      return data ?? { items: [], next_cursor: null };
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { groups: found.data?.pages.flatMap(({ items }) => items) ?? [], loading: found.isPending || hasNextPage };
}

const OWN = "own";
const PREVIOUS = "previous";

function CompareFilter({ value, onChange }: { value: Comparison | undefined; onChange: (value: Comparison | undefined) => void }) {
  const { t } = useTranslation(["reports", "kit", "common"]);
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const own = value !== undefined && value !== "year" && value !== "none" ? value : undefined;
  const [from = "", to = ""] = own?.split("..") ?? [];
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        if (!next) setOpen(false);
      }}
      trigger="click"
      placement="bottomLeft"
      destroyOnHidden
      content={
        <CustomDays
          value={own}
          onApply={(first, last) => {
            setOpen(false);
            onChange(`${first}..${last}`);
          }}
        />
      }
    >
      <Select
        className="ht-filter-select"
        prefix={<span className="ht-filter-label">{t("compare.label")}</span>}
        aria-label={t("compare.label")}
        popupMatchSelectWidth={false}
        options={[
          { value: PREVIOUS, label: t("compare.previous") },
          { value: "year", label: t("compare.year") },
          { value: OWN, label: own ? `${formatDay(from, language)} – ${formatDay(to, language)}` : t("kit:filters.custom") },
          { value: "none", label: t("compare.none") },
        ]}
        value={own ? OWN : (value ?? PREVIOUS)}
        onSelect={(next: string) => {
          if (next === OWN) setOpen(true);
          else onChange(next === "year" || next === "none" ? next : undefined);
        }}
      />
    </Popover>
  );
}

interface ReportFilterBarProps {
  scope: ReportScope;
  /** Filters that would say nothing here: the groups on the page of one group. */
  without?: readonly ("group" | "channel" | "compare" | "range")[];
  children?: React.ReactNode;
}

export function ReportFilterBar({ scope, without = [], children }: ReportFilterBarProps) {
  const { t } = useTranslation(["reports", "kit", "common"]);
  const channelName = useChannelName();
  const { search, whose } = scope;
  const { groups, loading } = useGroups(whose.community);
  const change = useChangeSearch<ReportSearch>();
  const channels = [...new Set(groups.map(({ channel }) => channel))].sort();
  const shows = (filter: "group" | "channel" | "compare" | "range") => !without.includes(filter);
  const inUse = filtersInUse({
    range: search.range,
    ...(shows("compare") ? { compare: search.compare } : {}),
    ...(shows("group") ? { group: search.group } : {}),
    ...(shows("channel") ? { channel: search.channel } : {}),
  });
  return (
    <div className="ht-filters" role="search" aria-label={t("kit:filters.label")}>
      {shows("range") ? <DaysFilter label={t("filter.range")} defaultDays={DAYS_DEFAULT} value={search.range} onChange={(range) => { change({ range }); }} /> : null}
      {shows("compare") ? <CompareFilter value={search.compare} onChange={(compare) => { change({ compare }); }} /> : null}
      {shows("group") ? (
        <Select
          className="ht-filter-select"
          prefix={<span className="ht-filter-label">{t("filter.group")}</span>}
          aria-label={t("filter.group")}
          mode="multiple"
          maxCount={GROUPS_CHOSEN_MAX}
          maxTagCount="responsive"
          placeholder={t("kit:filters.any")}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          loading={loading}
          popupMatchSelectWidth={false}
          options={groups.map(({ id, name }) => ({ value: id, label: plainText(name) }))}
          value={search.group ?? []}
          onChange={(group: string[]) => { change({ group: group.length > 0 ? group : undefined }); }}
        />
      ) : null}
      {shows("channel") ? (
        <Select
          className="ht-filter-select"
          prefix={<span className="ht-filter-label">{t("filter.channel")}</span>}
          aria-label={t("filter.channel")}
          placeholder={t("kit:filters.any")}
          allowClear
          popupMatchSelectWidth={false}
          options={channels.map((channel) => ({ value: channel, label: channelName(channel) }))}
          value={search.channel}
          onChange={(channel: string | undefined) => { change({ channel: channel || undefined }); }}
        />
      ) : null}
      {inUse > 0 ? (
        <Button type="link" onClick={() => { change({ range: undefined, compare: undefined, group: undefined, channel: undefined }); }}>
          {t("kit:filters.clear")}
        </Button>
      ) : null}
      {children ? <div className="ht-filters-count">{children}</div> : null}
    </div>
  );
}
