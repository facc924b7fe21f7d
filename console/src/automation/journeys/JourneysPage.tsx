/** The list of journeys: what lets people in, how many are on their way, how many reach the goal. */
import { useNavigate, useSearch, Link } from "@tanstack/react-router";
import { Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../../app/session";
import { formatCount, formatPercent, NO_VALUE } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { NothingMatches, NothingYet } from "../../kit/EmptyState";
import { FilterBar } from "../../kit/filters/FilterBar";
import { filtersInUse } from "../../kit/filters/schema";
import { PageHeader } from "../../kit/PageHeader";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { morePages } from "../../workspaces/settings/queries";
import { AutomationNav } from "../AutomationNav";
import { CapDialog } from "./CapDialog";
import { journeyFilters, parseJourneysSearch, STATES, type JourneysSearch } from "./filters";
import { CreateDialog, Presets } from "./Presets";
import { useJourneys, type JourneyItem, type JourneyPreset } from "./queries";
import { StateTag } from "./StateTag";
import "../../members/members.css";
import "../shared/shared.css";
import "./journeys.css";

export function JourneysPage() {
  const { t } = useTranslation(["journeys", "common"]);
  const language = useLanguage();
  const navigate = useNavigate({ from: "/automation/journeys" });
  const { workspace } = useSession();
  const search = parseJourneysSearch(useSearch({ from: "/_in/automation/journeys" }));
  const mayManage = useMay("automations.manage");
  const list = useJourneys(search.q, search.state);
  const [creating, setCreating] = useState<{ preset: JourneyPreset | null } | null>(null);
  const [capping, setCapping] = useState(false);
  const [gallery, setGallery] = useState(false);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const show = (values: JourneysSearch) => {
    void navigate({ search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...(previous.community ? { community: previous.community } : {}), ...values }), replace: true });
  };
  const columns: DataColumn<JourneyItem>[] = [
    {
      key: "name",
      title: t("list.name"),
      width: 240,
      fixed: true,
      render: (journey) => (
        <span className="ht-jname">
          <Link to="/automation/journeys/$journeyId" params={{ journeyId: journey.id }}><SafeText text={journey.name} clip /></Link>
          {journey.description ? <span className="ht-secondary"><SafeText text={journey.description} clip /></span> : null}
        </span>
      ),
    },
    {
      key: "state",
      title: t("list.state"),
      width: 150,
      render: (journey) => (
        <>
          <StateTag state={journey.state} />
          {journey.published_number !== null && journey.has_unpublished_changes ? <Tag variant="outlined">{t("list.changed")}</Tag> : null}
        </>
      ),
    },
    { key: "trigger", title: t("list.trigger"), width: 260, render: ({ trigger }) => trigger[language] || NO_VALUE },
    { key: "in_flight", title: t("list.inFlight"), width: 100, align: "right", render: ({ in_flight }) => formatCount(in_flight) },
    { key: "entered", title: t("list.entered"), width: 100, align: "right", render: ({ entered }) => formatCount(entered) },
    { key: "goal", title: t("list.goal"), width: 100, align: "right", render: ({ goal_rate }) => formatPercent(goal_rate) },
    { key: "draft", title: t("list.draft"), width: 170, render: ({ draft_at, draft_by }) => <><RelativeTime at={draft_at} zone={workspace.time_zone} /> <span className="ht-secondary"><SafeText text={draft_by} clip /></span></> },
    { key: "priority", title: t("list.priority"), width: 90, align: "right", hidden: true, render: ({ priority }) => formatCount(priority) },
  ];
  const { q, state } = search;
  const values = { ...(q ? { q } : {}), ...(state ? { state } : {}) };
  const isEmpty = rows?.length === 0 && filtersInUse(values) === 0;
  return (
    <div className="ht-page">
      <PageHeader
        title={t("title")}
        description={t("intro")}
        actions={
          mayManage ? (
            <>
              {isEmpty ? null : <Button aria-expanded={gallery} onClick={() => { setGallery(!gallery); }}>{t("presets.open")}</Button>}
              <Button onClick={() => { setCapping(true); }}>{t("cap.open")}</Button>
              <Button type="primary" onClick={() => { setCreating({ preset: null }); }}>{t("new")}</Button>
            </>
          ) : null
        }
      />
      <AutomationNav />
      {mayManage && gallery && !isEmpty ? <Presets onChoose={(preset) => { setCreating({ preset }); }} /> : null}
      {isEmpty ? null : (
        <FilterBar<typeof journeyFilters>
          filters={journeyFilters}
          values={values}
          onChange={show}
          fields={{ q: { label: t("list.search") }, state: { label: t("list.state"), options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) } }}
        />
      )}
      <DataTable
        id="journeys"
        label={t("title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        onOpen={({ id }) => void navigate({ to: "/automation/journeys/$journeyId", params: { journeyId: id } })}
        empty={
          filtersInUse(values) > 0 ? (
            <NothingMatches onClear={() => { show({}); }} />
          ) : (
            <>
              <NothingYet title={t("empty.title")} body={t("empty.body")} guide="journeys" action={mayManage ? <Button type="primary" onClick={() => { setCreating({ preset: null }); }}>{t("empty.blank")}</Button> : undefined} />
              {mayManage ? <Presets onChoose={(preset) => { setCreating({ preset }); }} /> : null}
            </>
          )
        }
      />
      {capping ? <CapDialog onClose={() => { setCapping(false); }} /> : null}
      {creating ? <CreateDialog key={creating.preset?.key ?? ""} preset={creating.preset} onClose={() => { setCreating(null); }} /> : null}
    </div>
  );
}
