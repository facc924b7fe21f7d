/** The segments a member is in, on their page. */
import { Link } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useWorkspacePath } from "../app/session";
import { formatDateTime, formatZone } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import type { Member } from "../members/queries";
import { BELONGING } from "../tags/queries";
import "./segments.css";

export function MemberSegments({ member, zone }: { member: Member; zone: string }) {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const path = useWorkspacePath();
  const maySee = useMay("segments.read");
  const { data, error, refetch } = $api.useQuery("get", BELONGING, { params: { path: { ...path, member_id: member.id } } }, { enabled: maySee });
  if (!maySee) return null;
  return (
    <section aria-labelledby="member-segments">
      <h2 id="member-segments">{t("title")}</h2>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : !data ? (
        <Skeleton active title={false} paragraph={{ rows: 1 }} />
      ) : data.segments.length === 0 ? (
        <p className="ht-secondary">{t("member.none")}</p>
      ) : (
        <ul className="ht-uses">
          {data.segments.map(({ id, name, entered_at }) => (
            <li key={id} title={t("member.since", { at: `${formatDateTime(entered_at, zone, language)} · ${formatZone(entered_at, zone)}` })}>
              <Link to="/members/segments/$segmentId" params={{ segmentId: id }}>
                <SafeText text={name} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
