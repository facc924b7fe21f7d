/** Names of the channels on which members have identities. One that is not known keeps its own name. */
import { useTranslation } from "react-i18next";

export const CHATS = ["wechat", "qq", "telegram", "discord", "slack", "whatsapp", "feishu", "dingtalk", "matrix", "zulip", "irc", "other"] as const;
const TRACKED = ["user_id", "email", "phone", "anonymous_id"] as const;
export const CHANNELS = [...CHATS, ...TRACKED] as const;

const isKnown = (channel: string): channel is (typeof CHANNELS)[number] => CHANNELS.some((known) => known === channel);

export function useChannelName(): (channel: string) => string {
  const { t } = useTranslation(["members", "common"]);
  return (channel) => (isKnown(channel) ? t(`channel.${channel}`) : channel);
}
