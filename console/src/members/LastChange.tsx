/** The last change by a person, and by whom: from the audit log for those who may read it, else from what the member shows. */
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useWorkspacePath } from "../app/session";
import { formatDateTime, formatZone } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import type { Member } from "./queries";

const AUDIT = "/api/workspaces/{workspace_id}/audit";

interface Change {
  by: string;
  at: string;
}

function seen(member: Member): Change | undefined {
  const byStaff = member.attributes.filter(({ source }) => source.startsWith("staff:")).map(({ source_name, set_at }) => ({ by: source_name, at: set_at }));
  const merged = member.merges.flatMap(({ by_name, at }) => [{ by: by_name, at }]);
  return [...byStaff, ...merged].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
}

export function LastChange({ member, zone }: { member: Member; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  const path = useWorkspacePath();
  const mayRead = useMay("audit.read");
  const audit = $api.useQuery("get", AUDIT, { params: { path, query: { target_id: member.id, limit: 1 } } }, { enabled: mayRead });
  const entry = audit.data?.items[0];
  const last = entry ? { by: entry.actor_name, at: entry.at } : mayRead && audit.isPending ? undefined : seen(member);
  return (
    <footer className="ht-page-foot ht-secondary">
      {last ? (
        <span title={formatZone(last.at, zone)}>
          <Phrase text={t("lastChange", { by: slot(0), at: formatDateTime(last.at, zone, language) })} parts={[<SafeText key="by" text={last.by} />]} />
        </span>
      ) : (
        <span title={formatZone(member.created_at, zone)}>{t("addedAt", { at: formatDateTime(member.created_at, zone, language) })}</span>
      )}
    </footer>
  );
}
