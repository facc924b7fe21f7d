/** How the installation is doing: what was looked at, the stores, the readers of the log, jobs, disk. */
import { Progress, Skeleton, Tag } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { useSession, useWorkspacePath } from "../../app/session";
import { formatDateTime, formatDuration } from "../../format/dates";
import { formatBytes, formatCount, formatPercent } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { SettingsFrame, useMaySee } from "./SettingsFrame";

type System = components["schemas"]["SystemOut"];

const AGAIN_MILLISECONDS = 10_000;
const COLOR = { ok: "success", warn: "warning", fail: "error" } as const;
const ORDER = { fail: 0, warn: 1, ok: 2 } as const;
const JOB_STATES = ["ready", "running", "done", "dead", "cancelled"] as const;
const PRODUCTS: Record<string, string> = { hutong: "Hutong", python: "Python", sqlite: "SQLite", django: "Django", chdb: "chDB", "clickhouse-connect": "clickhouse-connect", granian: "Granian" };

function Findings({ system }: { system: System }) {
  const { t } = useTranslation(["settings", "common"]);
  const sorted = [...system.findings].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
  return (
    <section className="ht-card" aria-labelledby="system-findings">
      <h2 id="system-findings" className="ht-form-title">
        {t(`system.states.${system.state}`)}
      </h2>
      <ul className="ht-finding-list">
        {sorted.map(({ key, state, message }) => (
          <li key={key}>
            <Tag color={COLOR[state]} variant="filled">{t(`system.findings.${state}`)}</Tag>
            <span>{message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Disk({ disk }: { disk: System["disk"] }) {
  const { t } = useTranslation(["settings", "common"]);
  const used = disk.total === 0 ? 0 : 1 - disk.free / disk.total;
  const parts = ["records", "log", "warehouse", "imports"] as const;
  return (
    <section className="ht-card" aria-labelledby="system-disk">
      <h2 id="system-disk">{t("system.disk")}</h2>
      <p>{t("system.free", { free: formatBytes(disk.free), total: formatBytes(disk.total) })}</p>
      <Progress percent={Math.round(used * 1000) / 10} format={() => formatPercent(used)} status={used > 0.95 ? "exception" : "normal"} aria-label={t("system.disk")} />
      <table className="ht-plain-table">
        <tbody>
          {parts.map((part) => (
            <tr key={part}>
              <th scope="row">{t(`system.stores.${part}`)}</th>
              <td className="ht-number">{formatBytes(disk[part])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Subscribers({ system }: { system: System }) {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  return (
    <section className="ht-card" aria-labelledby="system-subscribers">
      <h2 id="system-subscribers">{t("system.subscribers")}</h2>
      <div className="ht-scroll" tabIndex={0} role="region" aria-labelledby="system-subscribers">
        <table className="ht-plain-table">
          <thead>
            <tr>
              <th scope="col">{t("system.subscriber")}</th>
              <th scope="col" className="ht-number">{t("system.behind")}</th>
              <th scope="col" className="ht-number">{t("system.lag")}</th>
              <th scope="col" className="ht-number">{t("system.failures")}</th>
              <th scope="col" className="ht-number">{t("system.dead")}</th>
            </tr>
          </thead>
          <tbody>
            {system.subscribers.map((one) => (
              <tr key={one.name}>
                <td><code>{one.name}</code></td>
                <td className="ht-number">{formatCount(one.behind_entries)}</td>
                <td className="ht-number">{formatDuration(one.lag_seconds, language)}</td>
                <td className="ht-number">{formatCount(one.failures)}</td>
                <td className="ht-number">{formatCount(one.dead_events)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="ht-secondary ht-after-table">{t("system.logEntries", { entries: formatCount(system.log_entries) })}</p>
    </section>
  );
}

function Figures({ id, title, rows }: { id: string; title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <section className="ht-card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <table className="ht-plain-table">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="ht-number">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Status() {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const { data, error, refetch, isFetching, dataUpdatedAt } = $api.useQuery(
    "get",
    "/api/workspaces/{workspace_id}/system",
    { params: { path } },
    { refetchInterval: AGAIN_MILLISECONDS, staleTime: 0 },
  );
  if (!data) {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />;
    return <Skeleton active title={false} paragraph={{ rows: 16 }} />;
  }
  const zone = workspace.time_zone;
  return (
    <>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} compact /> : null}
      <div className="ht-stack">
        <Findings system={data} />
        <div className="ht-panels">
          <Disk disk={data.disk} />
          <Subscribers system={data} />
          <Figures
            id="system-process"
            title={t("system.process")}
            rows={[
              [t("system.started"), formatDateTime(data.started_at, zone, language)],
              [t("system.memory"), formatBytes(data.memory_bytes)],
              [t("system.accepted"), formatCount(data.ingest.accepted)],
              [t("system.duplicates"), formatCount(data.ingest.duplicates)],
              [t("system.rejected"), formatCount(data.ingest.rejected)],
            ]}
          />
          <Figures id="system-jobs" title={t("system.jobs")} rows={JOB_STATES.map((state) => [t(`system.jobStates.${state}`), formatCount(data.jobs[state] ?? 0)] as const)} />
          <Figures id="system-rows" title={t("system.rows")} rows={Object.entries(data.warehouse_rows).map(([table, rows]) => [table, formatCount(rows)] as const)} />
          <Figures id="system-versions" title={t("system.versions")} rows={Object.entries(data.versions).map(([name, version]) => [PRODUCTS[name] ?? name, version] as const)} />
        </div>
      </div>
      <p className="ht-secondary ht-after-table">{t("system.lookedAt", { at: formatDateTime(new Date(dataUpdatedAt), zone, language) })}</p>
    </>
  );
}

export function SystemPage() {
  const may = useMaySee("system");
  return <SettingsFrame section="system">{may ? <Status /> : null}</SettingsFrame>;
}
