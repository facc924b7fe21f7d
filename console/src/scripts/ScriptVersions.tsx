/** What a script said before, the latest first; an old saying can be taken up again. */
import { App, Button, Drawer, Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { partsOf, type KeptPart } from "../messages/parts";
import { SCRIPTS, useScriptsChanged, type Script } from "./queries";

function Parts({ parts }: { parts: readonly KeptPart[] }) {
  return (
    <div className="ht-script-version">
      {parts.map((part, index) => <p key={index}><SafeText text={part.text || part.title || part.name || part.url} /></p>)}
    </div>
  );
}

export function ScriptVersions({ script, onClose }: { script: Script; onClose: () => void }) {
  const { t } = useTranslation(["scripts", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const zone = useSession().workspace.time_zone;
  const mayManage = useMay("scripts.manage");
  const changed = useScriptsChanged();
  const params = { path: { ...path, script_id: script.id } };
  const { data, error, refetch } = $api.useQuery("get", `${SCRIPTS}/{script_id}/versions`, { params });
  const restore = $api.useMutation("patch", `${SCRIPTS}/{script_id}`, {
    async onSuccess() {
      onClose();
      void message.success(t("versions.restored"));
      await changed();
    },
  });
  return (
    <Drawer open onClose={onClose} size={480} closable={{ "aria-label": t("form.close"), placement: "end" }} title={t("versions.title")}>
      <div className="ht-stack">
        <section aria-labelledby="script-now">
          <h2 id="script-now">{t("versions.now", { number: script.version })}</h2>
          <p className="ht-secondary"><SafeText text={script.updated_by} /> · <RelativeTime at={script.updated_at} zone={zone} /></p>
          <Parts parts={script.parts} />
        </section>
        {restore.error ? <ErrorState error={restore.error} compact /> : null}
        {data === undefined ? (
          error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : <Skeleton active />
        ) : data.items.length === 0 ? (
          <NothingYet title={t("versions.none")} body={t("versions.noneBody")} guide="scripts" />
        ) : (
          data.items.map((one) => (
            <section key={one.number} aria-labelledby={`script-version-${one.number}`}>
              <h2 id={`script-version-${one.number}`}>{t("versions.number", { number: one.number })} · <SafeText text={one.title} /></h2>
              <p className="ht-secondary"><SafeText text={one.by} /> · <RelativeTime at={one.at} zone={zone} /></p>
              <Parts parts={one.parts} />
              {mayManage || script.is_personal ? (
                <Button size="small" loading={restore.isPending} onClick={() => { restore.mutate({ params, body: { title: one.title, parts: partsOf(one.parts) } }); }}>
                  {t("versions.restore")}
                </Button>
              ) : null}
            </section>
          ))
        )}
      </div>
    </Drawer>
  );
}
