/** One data source: where its events belong, how to send, and what came in lately, live. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { App, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useMay, useSession, useWorkspacePath } from "../../app/session";
import { usePageName } from "../../app/usePageName";
import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ConfirmDanger } from "../../kit/ConfirmDanger";
import { ErrorState } from "../../kit/ErrorState";
import { Phrase, slot } from "../../kit/Phrase";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import { LatestEvents } from "./LatestEvents";
import { SOURCES, useSources, type Source } from "./queries";
import { NoRight, SettingsFrame, useMaySee } from "./SettingsFrame";
import { SourceDialog } from "./SourceDialog";
import { SourcePlace } from "./SourcePlace";
import { SourceSnippets } from "./SourceSnippets";

const KEY_STANDS_HERE = "WRITE_KEY";

function Facts({ source }: { source: Source }) {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  return (
    <section className="ht-card" aria-label={t("source.one")}>
      <dl className="ht-facts">
        <dt>{t("source.place")}</dt>
        <dd><SourcePlace source={source} /></dd>
        <dt>{t("source.writeKey")}</dt>
        <dd><code>{source.prefix}…</code></dd>
        <dt>{t("source.made")}</dt>
        <dd>{formatDateTime(source.created_at, workspace.time_zone, language)}</dd>
      </dl>
    </section>
  );
}

export function SourcePage() {
  const { t } = useTranslation(["settings", "common"]);
  const { message } = App.useApp();
  const { sourceId } = useParams({ from: "/_in/settings/sources/$sourceId" });
  const navigate = useNavigate();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const may = useMaySee("sources");
  const mayManage = useMay("sources.manage");
  const [editing, setEditing] = useState(false);
  const [revoking, setRevoking] = useState(false);
  const { data, error, refetch, isFetching } = useSources(may);
  const source = data?.items.find(({ id }) => id === sourceId);
  const revoke = $api.useMutation("delete", "/api/workspaces/{workspace_id}/sources/{source_id}");
  usePageName(source?.name);
  return (
    <SettingsFrame
      section="sources"
      title={source ? <SafeText text={source.name} /> : t("source.one")}
      actions={
        mayManage && source ? (
          <>
            <Button onClick={() => { setEditing(true); }}>{t("source.editShort")}</Button>
            <Button danger onClick={() => { setRevoking(true); }}>{t("source.revoke")}</Button>
          </>
        ) : null
      }
    >
      {!may ? (
        <NoRight />
      ) : error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : !data ? (
        <Skeleton active title={false} paragraph={{ rows: 10 }} />
      ) : !source ? (
        <div className="ht-empty" role="status">
          <h2>{t("source.gone")}</h2>
          <p>{t("source.goneBody")}</p>
        </div>
      ) : (
        <div className="ht-stack">
          <Facts source={source} />
          <LatestEvents source_id={source.id} />
          <section className="ht-card" aria-labelledby="source-how">
            <h2 id="source-how" className="ht-form-title">{t("source.how")}</h2>
            <p className="ht-secondary ht-field-gap">{t("source.keyHint", { mark: KEY_STANDS_HERE })}</p>
            <SourceSnippets write_key={KEY_STANDS_HERE} />
          </section>
          {editing ? <SourceDialog source={source} onClose={() => { setEditing(false); }} /> : null}
          <ConfirmDanger
            open={revoking}
            title={t("source.revokeTitle")}
            consequence={<p><Phrase text={t("source.revokeBody", { name: slot(0) })} parts={[<SafeText key="name" text={source.name} />]} /></p>}
            action={t("source.revoke")}
            typeName={plainText(source.name)}
            onConfirm={async () => {
              await revoke.mutateAsync({ params: { path: { ...path, source_id: source.id } } });
              void message.success(t("source.revoked"));
              await navigate({ to: "/settings/sources" });
              await queryClient.invalidateQueries({ queryKey: ["get", SOURCES] });
            }}
            onClose={() => { setRevoking(false); }}
          />
        </div>
      )}
    </SettingsFrame>
  );
}
