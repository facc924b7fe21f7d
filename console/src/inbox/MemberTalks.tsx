/** On the page of a member: their conversations, and a way to write to them. */
import { MessageOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { useChannelName } from "../members/channels";
import { useBegin } from "./AnswerEvent";
import { useConversationsOf, useWays } from "./queries";
import { Waits } from "./Waits";
import "./inbox.css";

export function MemberTalks({ memberId, zone }: { memberId: string; zone: string }) {
  const { t } = useTranslation(["inbox", "common"]);
  const found = useConversationsOf(memberId).data?.items ?? [];
  if (found.length === 0) return null;
  return (
    <section aria-labelledby="member-talks">
      <h2 id="member-talks">{t("title")}</h2>
      <ul className="ht-inbox-others">
        {found.map((one) => (
          <li key={one.id}>
            <Link to="/communities/inbox" search={{ at: one.id }}><SafeText text={one.is_private ? one.account_name : one.chat_name} clip /></Link>
            {one.waiting_since ? <Waits since={one.waiting_since} /> : <span className="ht-secondary">{t(`state.${one.state}`)} · <RelativeTime at={one.last_at} zone={zone} /></span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function WriteTo({ memberId }: { memberId: string }) {
  const { t } = useTranslation(["inbox", "common"]);
  const channelName = useChannelName();
  const ways = useWays(memberId, useMay("inbox.answer")).data?.items ?? [];
  const { begin, isPending } = useBegin();
  const write = (account_id: string) => { begin({ event_id: "", member_id: memberId, account_id }); };
  const [only] = ways;
  if (only === undefined) return null;
  if (ways.length === 1) return <Button icon={<MessageOutlined aria-hidden />} loading={isPending} onClick={() => { write(only.account_id); }}>{t("write")}</Button>;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items: ways.map(({ account_id, account_name, channel }) => ({ key: account_id, label: `${plainText(account_name)} · ${channelName(channel)}`, onClick: () => { write(account_id); } })) }}
    >
      <Button icon={<MessageOutlined aria-hidden />} loading={isPending}>{t("write")}</Button>
    </Dropdown>
  );
}
