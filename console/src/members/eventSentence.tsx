/** One event of a member as a sentence, and what was said or given with it. */
import { useTranslation } from "react-i18next";
import type { ReactNode } from "react";

import type { components } from "../api/schema.gen";
import { formatBytes } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { attributeName } from "./attributeValue";
import { MemberLink } from "./MemberName";
import type { Attribute, Member } from "./queries";

export type MemberEvent = components["schemas"]["EventOut"];

/** Events with a sentence of their own; any other is named and shown with its properties. */
export const TOLD = [
  "message_sent",
  "message_recalled",
  "reaction_added",
  "member_joined",
  "member_left",
  "member_renamed",
  "page_viewed",
  "member_identified",
  "attributes_changed",
  "members_merged",
  "members_unmerged",
  "account_joined",
  "group_notice",
  "tag_added",
  "tag_removed",
] as const;

const ATTACHMENTS = ["image", "video", "audio", "file", "sticker", "link", "location", "contact", "poll", "card"] as const;
const PROPERTIES_SHOWN = 6;

interface Names {
  group: (id: string) => string | undefined;
  merges: Member["merges"];
  attributes: readonly Attribute[];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "");

function Bold({ text }: { text: string }) {
  return (
    <strong className="ht-event-name">
      <SafeText text={text} />
    </strong>
  );
}

function useGroup(event: MemberEvent, names: Names): ReactNode {
  const { t } = useTranslation(["members", "common"]);
  const known = event.group_id === null ? undefined : names.group(event.group_id);
  return known === undefined ? t(event.group_id === null ? "event.noGroup" : "event.someGroup") : <Bold text={known} />;
}

function useOther(id: unknown, names: Names): ReactNode {
  const { t } = useTranslation(["members", "common"]);
  const other = names.merges.flatMap(({ kept, absorbed }) => [kept, absorbed]).find((one) => one.id === id);
  return other ? <MemberLink member={other} /> : t("event.someMember");
}

/** Comes from outside: a list of keys, or the same joined by commas. */
const keysOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : textOf(value).split(",")).filter((key) => key !== "");

export function EventSentence({ event, names }: { event: MemberEvent; names: Names }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  const group = useGroup(event, names);
  const { properties } = event;
  const other = useOther(properties.absorbed_id ?? properties.restored_id, names);
  const by = textOf(properties.by);
  switch (event.name) {
    case "message_sent":
      return <Phrase text={t(properties.reply_to ? "event.replied" : "event.said", { group: slot(0) })} parts={[group]} />;
    case "message_recalled":
      return <Phrase text={t("event.recalled", { group: slot(0) })} parts={[group]} />;
    case "reaction_added":
      return <Phrase text={t("event.reacted", { group: slot(0), emoji: slot(1) })} parts={[group, <SafeText key="emoji" text={textOf(properties.emoji)} />]} />;
    case "member_joined":
      return <Phrase text={t(by ? "event.joinedBy" : "event.joined", { group: slot(0), by: slot(1) })} parts={[group, <Bold key="by" text={by} />]} />;
    case "member_left":
      return <Phrase text={t(by ? "event.leftBy" : "event.left", { group: slot(0), by: slot(1) })} parts={[group, <Bold key="by" text={by} />]} />;
    case "member_renamed":
      return (
        <Phrase
          text={t("event.renamed", { from: slot(0), to: slot(1) })}
          parts={[<Bold key="from" text={textOf(properties.from)} />, <Bold key="to" text={textOf(properties.to)} />]}
        />
      );
    case "page_viewed": {
      const page = textOf(properties.title) || textOf(properties.name) || textOf(properties.path) || textOf(properties.url);
      return page ? <Phrase text={t("event.viewed", { page: slot(0) })} parts={[<Bold key="page" text={page} />]} /> : t("event.viewedPage");
    }
    case "member_identified":
      return t("event.identified");
    case "attributes_changed": {
      const keys = keysOf(properties.keys);
      const named = keys.map((key) => {
        const kind = names.attributes.find((one) => one.key === key);
        return kind ? attributeName(kind, language) : key;
      });
      return named.length === 0 ? t("event.changed") : <Phrase text={t("event.changedKeys", { keys: slot(0) })} parts={[<Bold key="keys" text={named.join(t("separator"))} />]} />;
    }
    case "tag_added":
    case "tag_removed":
      return <Phrase text={t(event.name === "tag_added" ? "event.tagged" : "event.untagged", { tag: slot(0) })} parts={[<Bold key="tag" text={textOf(properties.tag)} />]} />;
    case "members_merged":
      return <Phrase text={t("event.merged", { other: slot(0) })} parts={[other]} />;
    case "members_unmerged":
      return <Phrase text={t("event.unmerged", { other: slot(0) })} parts={[other]} />;
    case "account_joined":
      return <Phrase text={t("event.account", { account: slot(0) })} parts={[<Bold key="account" text={textOf(properties.group_id)} />]} />;
    case "group_notice":
      return <Phrase text={t("event.notice", { group: slot(0) })} parts={[group]} />;
    default:
      return <Bold text={language === "zh" ? event.name_zh : event.name_en} />;
  }
}

function Attachments({ list }: { list: readonly Record<string, unknown>[] }) {
  const { t } = useTranslation(["members", "common"]);
  return (
    <ul className="ht-attachments">
      {list.map((one, index) => {
        const kind = ATTACHMENTS.find((known) => known === one.kind) ?? "file";
        return (
          <li key={index}>
            {t(`attachment.${kind}`)}
            {textOf(one.name) ? (
              <>
                {" "}
                <SafeText text={textOf(one.name)} clip />
              </>
            ) : null}
            {typeof one.size === "number" ? <span className="ht-secondary"> {formatBytes(one.size)}</span> : null}
          </li>
        );
      })}
    </ul>
  );
}

const isTold = (name: string) => TOLD.some((told) => told === name);

/** What was said, and what belongs to it. */
export function EventBody({ event }: { event: MemberEvent }) {
  const { properties } = event;
  const attachments = Array.isArray(properties.attachments) ? properties.attachments.filter(isRecord) : [];
  const reason = event.name === "member_left" || event.name === "member_joined" ? textOf(properties.reason) : "";
  const said = event.text || reason;
  const given = isTold(event.name)
    ? isRecord(properties.traits) ? Object.entries(properties.traits) : []
    : Object.entries(properties);
  return (
    <>
      {said ? (
        <div className="ht-event-text">
          {said.split("\n").map((line, index) => (
            <p key={index}>{line.trim() === "" ? "\u00A0" : <SafeText text={line} />}</p>
          ))}
        </div>
      ) : null}
      {attachments.length > 0 ? <Attachments list={attachments} /> : null}
      {given.length > 0 ? (
        <dl className="ht-event-properties">
          {given.slice(0, PROPERTIES_SHOWN).map(([key, value]) => (
            <div key={key}>
              <dt>
                <SafeText text={key} />
              </dt>
              <dd>
                <SafeText text={textOf(value) || JSON.stringify(value)} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  );
}
