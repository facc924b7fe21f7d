/** When something was last changed, and by whom for those who may read the audit log. */
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useWorkspacePath } from "../app/session";
import { formatDateTime, formatZone } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";

export function LastChange({ id, at, zone }: { id: string; at: string; zone: string }) {
  const { t } = useTranslation(["communities", "common"]);
  const language = useLanguage();
  const path = useWorkspacePath();
  const mayRead = useMay("audit.read");
  const { data } = $api.useQuery("get", "/api/workspaces/{workspace_id}/audit", { params: { path, query: { target_id: id, limit: 1 } } }, { enabled: mayRead });
  const entry = data?.items[0];
  const when = formatDateTime(entry?.at ?? at, zone, language);
  return (
    <footer className="ht-last-change ht-secondary" title={formatZone(entry?.at ?? at, zone)}>
      {entry ? <Phrase text={t("lastChangeBy", { by: slot(0), at: when })} parts={[<SafeText key="by" text={entry.actor_name} />]} /> : t("lastChange", { at: when })}
    </footer>
  );
}
