/** The list of communities, as cards or as a table: who is in them, who is active, and which way it goes. */
import { AppstoreOutlined, PlusOutlined, TableOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay } from "../app/session";
import { formatDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { filtersInUse } from "../kit/filters/schema";
import { PageHeader } from "../kit/PageHeader";
import { CommunitiesNav } from "./CommunitiesNav";
import { CommunityCards } from "./CommunityCards";
import { CommunityRows } from "./CommunityRows";
import { CreateCommunity } from "./CreateCommunity";
import "./communities.css";
import { communityFilters, type CommunitiesSearch } from "./filters";
import { useCommunityList, useNumbersBeside } from "./queries";

export function CommunitiesPage() {
  const { t } = useTranslation(["communities", "shell", "reports", "common"]);
  const language = useLanguage();
  const navigate = useNavigate();
  const { q, range, show, view } = useSearch({ from: "/_in/communities" });
  const values = { ...(q ? { q } : {}), ...(range ? { range } : {}), ...(show ? { show } : {}) };
  const mayManage = useMay("communities.manage");
  const mayImport = useMay("imports.run");
  const [creating, setCreating] = useState(false);
  const list = useCommunityList({ ...(q ? { q } : {}), show: show ?? "open" });
  const numbers = useNumbersBeside(range);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const change = (next: CommunitiesSearch) =>
    void navigate({
      to: "/communities",
      search: (previous) => ({ ...previous, q: next.q, range: next.range, show: next.show, view: next.view }),
      replace: true,
    });
  const shape = view ? { view } : {};
  const empty =
    filtersInUse({ q, show }) > 0 ? (
      <NothingMatches onClear={() => { change(shape); }} />
    ) : (
      <div className="ht-card">
        <NothingYet
          title={t("empty.title")}
          body={t("empty.body")}
          guide="communities"
          action={
            mayImport ? (
              <ButtonLink to="/communities/import" type="primary">{t("import")}</ButtonLink>
            ) : undefined
          }
        />
      </div>
    );
  return (
    <div className="ht-page">
      <PageHeader
        title={t("shell:nav.communities")}
        {...(numbers.endsAt ? { description: t("reports:endsAt", { day: formatDay(numbers.endsAt, language) }) } : {})}
        actions={
          <>
            {mayImport && rows && rows.length > 0 ? <ButtonLink to="/communities/import">{t("import")}</ButtonLink> : null}
            {mayManage ? (
              <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => { setCreating(true); }}>
                {t("create.action")}
              </Button>
            ) : null}
          </>
        }
      />
      <CommunitiesNav />
      <FilterBar
        filters={communityFilters}
        fields={{
          q: { label: t("filter.q") },
          range: { label: t("reports:filter.range"), defaultDays: 30 },
          show: { label: t("filter.show"), options: [{ value: "archived", label: t("filter.archived") }, { value: "all", label: t("filter.all") }] },
        }}
        values={values}
        onChange={(next) => { change({ ...next, ...shape }); }}
      >
        <Segmented<"cards" | "table">
          aria-label={t("view.label")}
          value={view ?? "cards"}
          onChange={(next) => { change({ ...values, ...(next === "table" ? { view: next } : {}) }); }}
          options={[
            { value: "cards", icon: <AppstoreOutlined aria-hidden />, title: t("view.cards"), label: <span className="ht-visually-hidden">{t("view.cards")}</span> },
            { value: "table", icon: <TableOutlined aria-hidden />, title: t("view.table"), label: <span className="ht-visually-hidden">{t("view.table")}</span> },
          ]}
        />
      </FilterBar>
      {numbers.error ? <ErrorState error={numbers.error} onRetry={numbers.retry} compact /> : null}
      {view === "table" ? (
        <CommunityRows list={list} rows={rows} numbers={numbers} empty={empty} />
      ) : list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
      ) : !rows ? (
        <div className="ht-community-cards" role="status" aria-label={t("common:loading")}>
          {Array.from({ length: 3 }, (_, index) => (
            <div key={index} className="ht-card ht-community-card"><Skeleton active paragraph={{ rows: 5 }} /></div>
          ))}
        </div>
      ) : rows.length === 0 ? (
        empty
      ) : (
        <CommunityCards list={list} rows={rows} numbers={numbers} />
      )}
      {creating ? <CreateCommunity onClose={() => { setCreating(false); }} /> : null}
    </div>
  );
}
