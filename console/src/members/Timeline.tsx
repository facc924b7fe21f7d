/** All that a member did and that happened to them, newest first, under the local days. */
import { useQueries } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Skeleton, Tag } from "antd";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ButtonLink } from "../app/ButtonLink";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { addDays, formatClock, formatDateTime, formatDay, formatZone, localDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { filtersInUse, readRange, type DayRange } from "../kit/filters/schema";
import { plainText } from "../kit/safeText";
import { useChannelName } from "./channels";
import { EventBody, EventSentence, TOLD, type MemberEvent } from "./eventSentence";
import { parseMemberSearch, timelineFilters, type TimelineFilterValues } from "./filters";
import { useAttributes, type Member } from "./queries";

const EVENTS = "/api/workspaces/{workspace_id}/events";
const EVENT_TYPES = "/api/workspaces/{workspace_id}/event-types";
const GROUP = "/api/workspaces/{workspace_id}/groups/{group_id}";
const PAGE_SIZE = 50;

function bounds(when: DayRange | undefined, zone: string): { from?: string; to?: string } {
  if (when === undefined) return {};
  const range = readRange(when);
  const today = localDay(new Date(), zone);
  return "days" in range ? { from: addDays(today, 1 - range.days), to: today } : range;
}

/** Names of the groups met: from the stays, the rest asked for one by one and kept. */
function useGroupNames(member: Member, events: readonly MemberEvent[]): (id: string) => string | undefined {
  const path = useWorkspacePath();
  const known = new Map(member.memberships.map(({ group }) => [group.id, group.name]));
  const wanted = [...new Set(events.map(({ group_id }) => group_id))].filter((id): id is string => id !== null && !known.has(id));
  const found = useQueries({
    queries: wanted.map((group_id) => ({
      ...$api.queryOptions("get", GROUP, { params: { path: { ...path, group_id } } }),
      staleTime: Infinity,
      retry: false,
    })),
  });
  wanted.forEach((id, index) => {
    const name = found[index]?.data?.name;
    if (name !== undefined) known.set(id, name);
  });
  return (id) => known.get(id);
}

function Days({ member, events, zone }: { member: Member; events: readonly MemberEvent[]; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  const channelName = useChannelName();
  const group = useGroupNames(member, events);
  const attributes = useAttributes(events.some(({ name }) => name === "attributes_changed"));
  const names = { group, merges: member.merges, attributes: attributes.data?.items ?? [] };
  const days: { day: string; events: MemberEvent[] }[] = [];
  for (const event of events) {
    const day = localDay(event.occurred_at, zone);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return (
    <>
      {days.map(({ day, events: of }) => (
        <Fragment key={day}>
          <h3 className="ht-timeline-day">{formatDay(day, language)}</h3>
          <ol className="ht-timeline">
            {of.map((event) => (
              <li key={event.id} data-event={event.name}>
                <time dateTime={event.occurred_at} title={`${formatDateTime(event.occurred_at, zone, language)} · ${formatZone(event.occurred_at, zone)}`}>
                  {formatClock(event.occurred_at, zone)}
                </time>
                <div className="ht-event">
                  <p className="ht-event-head">
                    <span>
                      <EventSentence event={event} names={names} />
                    </span>
                    {event.channel ? <span className="ht-secondary">{channelName(event.channel)}</span> : null}
                    {event.properties.edited === true ? <Tag variant="outlined">{t("event.edited")}</Tag> : null}
                  </p>
                  <EventBody event={event} />
                </div>
              </li>
            ))}
          </ol>
        </Fragment>
      ))}
    </>
  );
}

export function Timeline({ member, zone }: { member: Member; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  const { communities } = useSession();
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const mayImport = useMay("imports.run");
  const { tab, ...values } = parseMemberSearch(useSearch({ from: "/_in/members/$memberId" }));
  const types = $api.useQuery("get", EVENT_TYPES, { params: { path } });
  const list = $api.useInfiniteQuery(
    "get",
    EVENTS,
    {
      params: {
        path,
        query: {
          member_id: member.id,
          limit: PAGE_SIZE,
          ...(values.event ? { name: values.event } : {}),
          ...(values.community ? { community_id: values.community } : {}),
          ...bounds(values.when, zone),
        },
      },
    },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor },
  );
  const events = list.data?.pages.flatMap(({ items }) => items);
  const show = (next: TimelineFilterValues) => {
    void navigate({
      to: "/members/$memberId",
      params: { memberId: member.id },
      search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...next, ...(tab ? { tab } : {}) }),
      replace: true,
    });
  };
  const kinds = (types.data?.items ?? []).filter(({ name, is_declared, review }) => (is_declared ? TOLD.some((told) => told === name) : review !== "ignored"));
  const places = new Map([...communities.map(({ id, name }) => [id, name] as const), ...member.participations.map(({ community }) => [community.id, community.name] as const)]);
  const taken = member.participations.map(({ community }) => community.id);
  return (
    <>
      <FilterBar
        filters={timelineFilters}
        values={values}
        onChange={show}
        fields={{
          event: {
            label: t("timeline.kind"),
            loading: types.isPending,
            options: kinds.map((kind) => ({ value: kind.name, label: plainText(language === "zh" ? kind.name_zh : kind.name_en) })),
          },
          community: {
            label: t("filter.community"),
            options: [...places].filter(([id]) => taken.includes(id) || id === values.community).map(([value, name]) => ({ value, label: plainText(name) })),
          },
          when: { label: t("timeline.when"), defaultDays: null },
        }}
      >
        <span title={formatZone(new Date(), zone)}>{t("timeline.zone", { zone })}</span>
      </FilterBar>
      {list.error && !events ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : events === undefined ? (
        <div role="status" aria-label={t("common:loading")}>
          <Skeleton active title={false} paragraph={{ rows: 10 }} />
        </div>
      ) : events.length === 0 ? (
        filtersInUse(values) > 0 ? (
          <NothingMatches
            onClear={() => {
              show({});
            }}
          />
        ) : (
          <NothingYet
            title={t("timeline.emptyTitle")}
            body={t("timeline.emptyBody")}
            guide="members"
            action={mayImport ? <ButtonLink to="/communities/import">{t("empty.action")}</ButtonLink> : undefined}
          />
        )
      ) : (
        <>
          <Days member={member} events={events} zone={zone} />
          {list.error ? <ErrorState error={list.error} onRetry={() => void list.fetchNextPage()} compact /> : null}
          <div className="ht-table-foot">
            {list.hasNextPage ? (
              <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
                {t("timeline.more")}
              </Button>
            ) : (
              <span className="ht-secondary">{t("timeline.end")}</span>
            )}
          </div>
        </>
      )}
    </>
  );
}
