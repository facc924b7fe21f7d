/** Who a conversation is with, where it is, how it came about, and what else was said with them. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../app/session";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { useChannelName } from "../members/channels";
import { useTagsOf } from "../tags/queries";
import { TagLink } from "../tags/TagChip";
import { useConversationsOf, type Detail } from "./queries";
import { Waits } from "./Waits";

function Others({ of }: { of: Detail }) {
  const { t } = useTranslation(["inbox", "common"]);
  const zone = useSession().workspace.time_zone;
  const found = useConversationsOf(of.member_id).data?.items.filter(({ id }) => id !== of.id) ?? [];
  if (found.length === 0) return null;
  return (
    <section aria-labelledby="inbox-others">
      <h3 id="inbox-others">{t("card.others")}</h3>
      <ul className="ht-inbox-others">
        {found.map((one) => (
          <li key={one.id}>
            <Link to="/communities/inbox" search={{ at: one.id }}><SafeText text={one.is_private ? one.account_name : one.chat_name} clip /></Link>
            <span className="ht-secondary">{t(`state.${one.state}`)} · <RelativeTime at={one.last_at} zone={zone} /></span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Card({ of }: { of: Detail }) {
  const { t } = useTranslation(["inbox", "common"]);
  const zone = useSession().workspace.time_zone;
  const channelName = useChannelName();
  const maySeeAccounts = useMay("channels.read");
  const tags = useTagsOf(of.member_id ? [of.member_id] : []);
  const worn = of.member_id ? (tags.get(of.member_id) ?? []) : [];
  return (
    <>
      <h2>{of.member_id ? <Link to="/members/$memberId" params={{ memberId: of.member_id }}><SafeText text={of.name} /></Link> : <SafeText text={of.name} />}</h2>
      {worn.length > 0 ? <p className="ht-inbox-tags">{worn.map((tag) => <TagLink key={tag.id} tag={tag} />)}</p> : null}
      <dl>
        {of.waiting_since ? <><dt>{t("card.waiting")}</dt><dd><Waits since={of.waiting_since} /></dd></> : null}
        {of.snoozed_until ? <><dt>{t("card.snoozed")}</dt><dd><RelativeTime at={of.snoozed_until} zone={zone} /></dd></> : null}
        <dt>{t("card.account")}</dt>
        <dd>
          {maySeeAccounts ? <Link to="/settings/channels/$accountId" params={{ accountId: of.account_id }}><SafeText text={of.account_name} /></Link> : <SafeText text={of.account_name} />}
          <span className="ht-secondary"> · {channelName(of.channel)}</span>
        </dd>
        <dt>{t("card.where")}</dt>
        <dd>
          {of.is_private ? t("card.private") : of.group_id && of.community_id ? (
            <Link to="/communities/$communityId/groups/$groupId" params={{ communityId: of.community_id, groupId: of.group_id }}><SafeText text={of.chat_name} /></Link>
          ) : <SafeText text={of.chat_name} />}
        </dd>
        {of.because === "message" ? null : (
          <><dt>{t("card.because")}</dt><dd>{t(`because.${of.because}`)}{of.handed_over_by ? <> · <SafeText text={of.handed_over_by} /></> : null}</dd></>
        )}
        {of.last_message === null ? null : <><dt>{t("card.opened")}</dt><dd><RelativeTime at={of.opened_at} zone={zone} /></dd></>}
      </dl>
      <Others of={of} />
    </>
  );
}
