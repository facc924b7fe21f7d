/** Who did what, when: filtered by the address, taken away as CSV, changed by nobody. */
import { DownloadOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Tag } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useSession, useWorkspacePath } from "../../app/session";
import { addDays, formatZone, localDay } from "../../format/dates";
import { NO_VALUE } from "../../format/numbers";
import { NothingMatches, NothingYet } from "../../kit/EmptyState";
import { FilterBar } from "../../kit/filters/FilterBar";
import { filtersInUse, readRange } from "../../kit/filters/schema";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { AuditDetails } from "./AuditDetails";
import { actionKey, targetKey } from "./auditWords";
import { auditFilters, type AuditSearch } from "./filters";
import { AUDIT, morePages, type AuditEntry } from "./queries";
import { SettingsFrame, useMaySee } from "./SettingsFrame";

const PAGE_SIZE = 50;

interface AuditQuery {
  actor_id?: string;
  action?: string;
  target_kind?: string;
  from_day?: string;
  to_day?: string;
}

/** Days are those of the workspace's zone. */
export function auditQuery({ actor, action, target, when }: AuditSearch, zone: string, now = new Date()): AuditQuery {
  const range = when && readRange(when);
  const today = localDay(now, zone);
  return {
    ...(actor ? { actor_id: actor } : {}),
    ...(action ? { action } : {}),
    ...(target ? { target_kind: target } : {}),
    ...(range ? ("days" in range ? { from_day: addDays(today, 1 - range.days), to_day: today } : { from_day: range.from, to_day: range.to }) : {}),
  };
}

export function AuditPage() {
  const { t } = useTranslation(["settings", "common"]);
  const navigate = useNavigate();
  const path = useWorkspacePath();
  const { workspace } = useSession();
  const may = useMaySee("audit");
  const { actor, action, target, when } = useSearch({ from: "/_in/settings/audit" });
  const values: AuditSearch = { ...(actor ? { actor } : {}), ...(action ? { action } : {}), ...(target ? { target } : {}), ...(when ? { when } : {}) };
  const zone = workspace.time_zone;
  const query = auditQuery(values, zone);
  const { data: names } = $api.useQuery("get", "/api/workspaces/{workspace_id}/audit/names", { params: { path } }, { enabled: may });
  const list = $api.useInfiniteQuery(
    "get",
    AUDIT,
    { params: { path, query: { ...query, limit: PAGE_SIZE } } },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor, enabled: may, staleTime: 0 },
  );
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const show = (next: AuditSearch) =>
    void navigate({
      to: "/settings/audit",
      search: (previous) => ({ ...previous, actor: next.actor, action: next.action, target: next.target, when: next.when }),
      replace: true,
    });
  const actionName = (code: string) => {
    const key = actionKey(code);
    return key ? t(key) : code;
  };
  const targetName = (code: string) => {
    const key = targetKey(code);
    return key ? t(key) : code;
  };
  const columns: DataColumn<AuditEntry>[] = [
    { key: "at", title: t("audit.at"), width: 170, fixed: true, render: (one) => <RelativeTime at={one.at} zone={zone} /> },
    {
      key: "actor",
      title: t("audit.actor"),
      width: 170,
      fixed: true,
      render: (one) => (
        <span className="ht-scope-list">
          <SafeText text={one.actor_kind === "system" ? t("audit.system") : one.actor_name} />
          {one.actor_kind === "key" ? <Tag variant="outlined">{t("audit.key")}</Tag> : null}
        </span>
      ),
    },
    { key: "action", title: t("audit.action"), width: 180, render: (one) => <span title={one.action}>{actionName(one.action)}</span> },
    {
      key: "target",
      title: t("audit.target"),
      width: 220,
      render: (one) => (
        <div className="ht-pair">
          {one.target_name ? <SafeText text={one.target_name} /> : NO_VALUE}
          {one.target_kind ? <span className="ht-secondary">{targetName(one.target_kind)}</span> : null}
        </div>
      ),
    },
    { key: "details", title: t("audit.details"), width: 320, render: (one) => <AuditDetails details={one.details} /> },
  ];
  const address = `/api/workspaces/${path.workspace_id}/audit/export?${new URLSearchParams({ ...query }).toString()}`;
  return (
    <SettingsFrame
      section="audit"
      actions={
        <Button href={address} download icon={<DownloadOutlined aria-hidden />}>
          {t("audit.csv")}
        </Button>
      }
    >
      <FilterBar
        filters={auditFilters}
        fields={{
          actor: { label: t("audit.actor"), options: (names?.actors ?? []).map(({ id, name }) => ({ value: id, label: plainText(name) })) },
          action: { label: t("audit.action"), options: (names?.actions ?? []).map((code) => ({ value: code, label: actionName(code) })) },
          target: { label: t("audit.target"), options: (names?.target_kinds ?? []).map((code) => ({ value: code, label: targetName(code) })) },
          when: { label: t("audit.at"), defaultDays: null },
        }}
        values={values}
        onChange={show}
      >
        <span title={formatZone(new Date(), zone)}>{zone}</span>
      </FilterBar>
      <DataTable
        id="audit"
        label={t("audit.title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        empty={
          filtersInUse(values) > 0 ? <NothingMatches onClear={() => { show({}); }} /> : <NothingYet title={t("audit.none")} body={t("audit.about")} guide="staff" />
        }
      />
    </SettingsFrame>
  );
}
