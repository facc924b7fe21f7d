/** Who a member is at a glance: numbers, and the identities by which they are known. */
import { useTranslation } from "react-i18next";

import { formatDateTime, formatZone } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { shownId, useChannelName } from "./channels";
import type { Identity, Member } from "./queries";

function Moment({ at, zone, none }: { at: string | null; zone: string; none: string }) {
  const language = useLanguage();
  if (at === null) return <span className="ht-secondary">{none}</span>;
  return (
    <time dateTime={at} title={formatZone(at, zone)} className="ht-time">
      {formatDateTime(at, zone, language)}
    </time>
  );
}

export function MemberFacts({ member, zone }: { member: Member; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  return (
    <dl className="ht-facts">
      <dt>{t("field.messages")}</dt>
      <dd>{formatCount(member.messages)}</dd>
      <dt>{t("field.lastActive")}</dt>
      <dd>{member.last_active_at === null ? <span className="ht-secondary">{t("never")}</span> : <RelativeTime at={member.last_active_at} zone={zone} />}</dd>
      <dt>{t("field.firstSeen")}</dt>
      <dd>
        <Moment at={member.first_seen_at} zone={zone} none={t("never")} />
      </dd>
      <dt>{t("field.joined")}</dt>
      <dd>
        <Moment at={member.joined_at} zone={zone} none={t("neverJoined")} />
      </dd>
      {member.left_at === null ? null : (
        <>
          <dt>{t("field.left")}</dt>
          <dd>
            <Moment at={member.left_at} zone={zone} none={t("never")} />
          </dd>
        </>
      )}
    </dl>
  );
}

/** Ids of tracked people and of chats without names are long: they wrap, and can be chosen whole by a click. */
export function Identities({ identities, zone }: { identities: readonly Identity[]; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  const channelName = useChannelName();
  const language = useLanguage();
  if (identities.length === 0) return <p className="ht-secondary">{t("identity.none")}</p>;
  return (
    <ul className="ht-identities">
      {identities.map((identity) => (
        <li key={identity.id}>
          <span className="ht-identity-channel">{channelName(identity.channel)}</span>
          <span className="ht-identity-who">
            {identity.name ? <SafeText text={identity.name} /> : null}
            {shownId(identity.external_id) === identity.name ? null : (
              <code className="ht-identity-id">
                <SafeText text={shownId(identity.external_id)} />
              </code>
            )}
            <span className="ht-secondary" title={formatZone(identity.last_seen_at, zone)}>
              {t("identity.lastSeen", { at: formatDateTime(identity.last_seen_at, zone, language) })}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
