/** Scripts 话术 by folder: answers kept ready, for everybody or for oneself. */
import { PlusOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { PageSkeleton } from "../app/PageSkeleton";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { PageHeader } from "../kit/PageHeader";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { parseScriptsSearch, scriptFilters } from "./filters";
import { ContentNav } from "./ContentNav";
import { ScriptForm } from "./ScriptForm";
import { ScriptVersions } from "./ScriptVersions";
import { SCRIPTS, useScripts, useScriptsChanged, type Script } from "./queries";
import "../inbox/inbox.css";

type Dialog = { kind: "form"; script: Script | null } | { kind: "delete" | "versions"; script: Script };

function Row({ script, open }: { script: Script; open: (dialog: Dialog) => void }) {
  const { t } = useTranslation(["scripts", "common"]);
  const mayManage = useMay("scripts.manage");
  const zone = useSession().workspace.time_zone;
  const name = plainText(script.title);
  return (
    <li className="ht-script">
      <div>
        <strong><SafeText text={script.title} /></strong>
        <span className="ht-secondary ht-script-text"><SafeText text={script.text} /></span>
        <span className="ht-secondary">
          {script.shortcut ? <code>/{script.shortcut}</code> : null} {script.is_personal ? t("row.personal") : t("row.shared")} · {t("row.used", { count: script.used, shown: formatCount(script.used) })}
          {script.last_used_at ? <> · {t("row.lastUsed")} <RelativeTime at={script.last_used_at} zone={zone} /></> : null}
        </span>
      </div>
      <span className="ht-script-acts">
        <Button type="text" size="small" aria-label={t("row.versionsOf", { name })} onClick={() => { open({ kind: "versions", script }); }}>{t("row.versions", { number: script.version })}</Button>
        {mayManage || script.is_personal ? (
          <>
          <Button type="text" size="small" aria-label={t("row.editOf", { name })} onClick={() => { open({ kind: "form", script }); }}>{t("row.edit")}</Button>
          <Button type="text" size="small" aria-label={t("row.deleteOf", { name })} onClick={() => { open({ kind: "delete", script }); }}>{t("row.delete")}</Button>
          </>
        ) : null}
      </span>
    </li>
  );
}

export function ScriptsPage() {
  const { t } = useTranslation(["scripts", "common"]);
  const navigate = useNavigate({ from: "/content/scripts" });
  const search = parseScriptsSearch(useSearch({ from: "/_in/content/scripts" }));
  const path = useWorkspacePath();
  const list = useScripts(search.q);
  const changed = useScriptsChanged();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const remove = $api.useMutation("delete", `${SCRIPTS}/{script_id}`, { onSuccess: changed });
  const show = (values: typeof search) => {
    void navigate({ search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...values }), replace: true });
  };
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const folders = list.data?.pages[0]?.folders ?? [];
  const sections = [...new Set(rows.map(({ folder }) => folder))];
  const add = <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => { setDialog({ kind: "form", script: null }); }}>{t("add")}</Button>;
  return (
    <div className="ht-page">
      <PageHeader title={t("title")} description={t("about")} actions={add} />
      <ContentNav />
      {list.data === undefined ? (
        list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : <PageSkeleton />
      ) : rows.length === 0 && !search.q ? (
        <NothingYet title={t("empty.title")} body={t("empty.body")} guide="scripts" />
      ) : (
        <>
          <FilterBar filters={scriptFilters} values={search} onChange={show} fields={{ q: { label: t("search") } }} />
          {rows.length === 0 ? <NothingMatches onClear={() => { show({}); }} /> : null}
          <div className="ht-scripts">
            {sections.map((folder) => (
              <section key={folder} className="ht-card" aria-label={folder ? plainText(folder) : t("noFolder")}>
                <h2>{folder ? <SafeText text={folder} /> : t("noFolder")}</h2>
                <ul className="ht-inbox-rows">
                  {rows.filter((one) => one.folder === folder).map((script) => <Row key={script.id} script={script} open={setDialog} />)}
                </ul>
              </section>
            ))}
          </div>
          {list.hasNextPage ? <Button block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t("more")}</Button> : null}
        </>
      )}
      {dialog?.kind === "form" ? <ScriptForm script={dialog.script} folders={folders} onClose={() => { setDialog(null); }} /> : null}
      {dialog?.kind === "versions" ? <ScriptVersions script={dialog.script} onClose={() => { setDialog(null); }} /> : null}
      <ConfirmDanger
        open={dialog?.kind === "delete"}
        title={t("delete.title")}
        consequence={dialog?.kind === "delete" ? <p><SafeText text={dialog.script.title} />{t("delete.body")}</p> : null}
        action={t("row.delete")}
        onConfirm={async () => {
          if (dialog?.kind === "delete") await remove.mutateAsync({ params: { path: { ...path, script_id: dialog.script.id } } });
        }}
        onClose={() => { setDialog(null); }}
      />
    </div>
  );
}
