/** Names of the channels on which members have identities. One that is not known keeps its own name. */
import { useTranslation } from "react-i18next";

export const CHATS = ["wechat", "qq", "telegram", "discord", "slack", "whatsapp", "feishu", "dingtalk", "matrix", "zulip", "irc", "other"] as const;
const TRACKED = ["user_id", "email", "phone", "anonymous_id"] as const;
const CONNECTED = ["widget", "webhook"] as const; // told only by connectors, and named as their manifests say
export const CHANNELS = [...CHATS, ...CONNECTED, ...TRACKED] as const;

const isKnown = (channel: string): channel is (typeof CHANNELS)[number] => CHANNELS.some((known) => known === channel);

// Chats that know people by name only: the name, within the group or community it was seen in.
const WITHIN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:/;

/** An id as it says something to a person. */
export const shownId = (external_id: string): string => external_id.replace(WITHIN, "");

export function useChannelName(): (channel: string) => string {
  const { t } = useTranslation(["members", "common"]);
  return (channel) => (isKnown(channel) ? t(`channel.${channel}`) : channel);
}
