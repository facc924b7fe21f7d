/** A message as each platform will show it, on something like a phone: filled for one member, with what is left out and why. */
import { FileOutlined } from "@ant-design/icons";
import { Button, Segmented, Skeleton } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../api/problem";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { MemberSearch } from "../members/MemberSearch";
import { useSettled } from "../segments/preview";
import { isComplete, type KeptPart, type OnPlatform, type Part } from "./parts";
import { useMessagePreview } from "./queries";
import { Thumbnail } from "./Thumbnail";
import "./messages.css";

const DELAY_MILLISECONDS = 400;
const BUTTONS_MAX = 4;

interface MessagePreviewProps {
  parts: readonly Part[];
  workspaceId: string;
  /** Those of the connected accounts where none is named. */
  platforms?: readonly string[];
  /** In which group, for its name and its community's. */
  groupId?: string | null;
  /** Whether a member can be chosen as an example. */
  withMember?: boolean;
}

function Shown({ part, workspaceId }: { part: KeptPart; workspaceId: string }) {
  const { t } = useTranslation(["messages", "common"]);
  switch (part.kind) {
    case "text":
      return <p className="ht-phone-text"><SafeText text={part.text} /></p>;
    case "mention_all":
      return <p className="ht-phone-text ht-phone-mention">{t("mention.shown")}</p>;
    case "link":
      return (
        <div className="ht-phone-card">
          <strong><SafeText text={part.title || part.url} /></strong>
          {part.description ? <span className="ht-secondary"><SafeText text={part.description} /></span> : null}
          <span className="ht-secondary ht-phone-url"><SafeText text={part.url} /></span>
        </div>
      );
    default:
      return (
        <div className="ht-phone-card ht-phone-file">
          {part.kind === "image" ? <Thumbnail workspaceId={workspaceId} file={part.file} name="" /> : <FileOutlined aria-hidden />}
          <SafeText text={part.name || part.url || part.file.slice(0, 12)} clip />
        </div>
      );
  }
}

function Phone({ one, stale, workspaceId }: { one: OnPlatform; stale: boolean; workspaceId: string }) {
  const { t } = useTranslation(["messages", "common"]);
  const language = useLanguage();
  return (
    <>
      <div className="ht-phone" data-stale={stale} role="img" aria-label={t("preview.on", { platform: one[language] })}>
        <div className="ht-phone-head">{one[language]}</div>
        <div className="ht-phone-bubble">
          {one.parts.map((part, index) => (
            <Shown key={index} part={part} workspaceId={workspaceId} />
          ))}
          {one.parts.length === 0 ? <p className="ht-phone-text ht-secondary">{t("preview.nothing")}</p> : null}
        </div>
      </div>
      <p className="ht-secondary">{t("preview.characters", { count: one.characters, shown: formatCount(one.characters), limit: formatCount(one.characters_max) })}</p>
      {one.problem ? <p role="alert" className="ht-field-error">{one.problem[language]}</p> : null}
      {one.left_out.length > 0 ? (
        <div className="ht-notice">
          <strong>{t("preview.leftOut")}</strong>
          <ul>
            {one.left_out.map((said) => (
              <li key={said.en}>{said[language]}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}

export function MessagePreview({ parts, workspaceId, platforms = [], groupId = null, withMember = true }: MessagePreviewProps) {
  const { t } = useTranslation(["messages", "common"]);
  const language = useLanguage();
  const [member_id, setMember] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const now = useMemo(() => JSON.stringify({ parts, platforms, member_id, group_id: groupId }), [parts, platforms, member_id, groupId]);
  const settled = useSettled(now, DELAY_MILLISECONDS);
  const asked = useMemo(() => JSON.parse(settled) as { parts: Part[]; platforms: string[]; member_id: string | null; group_id: string | null }, [settled]);
  const ready = isComplete(asked.parts);
  const preview = useMessagePreview(workspaceId, asked, ready);
  const found = ready ? preview.data?.platforms : undefined;
  const one = found?.find(({ platform }) => platform === chosen) ?? found?.[0];
  const failure: unknown = preview.error;
  const refused = failure instanceof ApiProblem && failure.status === 422 ? failure.errors : null;
  return (
    <section className="ht-message-preview" aria-label={t("preview.title")}>
      <h3>{t("preview.title")}</h3>
      {withMember ? (
        <div className="ht-preview-member">
          <MemberSearch except="" label={t("preview.member")} value={member_id ?? undefined} onChange={setMember} />
          {member_id === null ? null : <Button size="small" onClick={() => { setMember(null); }}>{t("preview.nobody")}</Button>}
        </div>
      ) : null}
      {!ready ? (
        <p className="ht-secondary">{t("preview.write")}</p>
      ) : refused ? (
        <ul className="ht-field-error" role="alert">
          {refused.map(({ field, message }) => (
            <li key={field + message}>{message}</li>
          ))}
        </ul>
      ) : failure ? (
        <ErrorState error={failure} onRetry={() => void preview.refetch()} compact />
      ) : !found ? (
        <Skeleton active paragraph={{ rows: 5 }} />
      ) : !one ? (
        <p className="ht-secondary">{t("preview.noAccount")}</p>
      ) : (
        <>
          {found.length > 1 ? (
            <Segmented
              aria-label={t("preview.platform")}
              vertical={found.length > BUTTONS_MAX}
              value={one.platform}
              options={found.map((each) => ({ value: each.platform, label: each[language] }))}
              onChange={setChosen}
            />
          ) : null}
          <Phone one={one} stale={now !== settled || preview.isFetching} workspaceId={workspaceId} />
        </>
      )}
    </section>
  );
}
