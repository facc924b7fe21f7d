/** What was said in a conversation, day by day, with notes between, the latest at the bottom. */
import { CommentOutlined, ExclamationCircleOutlined, FileOutlined, LockOutlined, PictureOutlined, RedoOutlined } from "@ant-design/icons";
import { App, Button, Skeleton, Tooltip } from "antd";
import { Fragment, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatClock, formatDateTime, formatDay, formatZone, localDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { Thumbnail } from "../messages/Thumbnail";
import { cut } from "./mentions";
import { useContextBefore, useInboxChanged, useMessages, type Detail, type Message } from "./queries";

const AGAIN = ["failed", "expired", "unknown"];
const KNOWN = ["queued", "sent", "partial", "failed", "expired", "unknown", "cancelled", "awaiting_confirm"] as const;
const isKnown = (state: string): state is (typeof KNOWN)[number] => (KNOWN as readonly string[]).includes(state);
const TOGETHER_MILLISECONDS = 300_000; // what one person says within so long stands under one name
const NEAR_END_PIXELS = 80;

const author = ({ direction, staff_name, is_automatic }: Message) => `${direction}/${staff_name}/${String(is_automatic)}`;

/** A picture or a file: to be opened where its content is kept, else only named. */
function Attached({ kind, name, file }: { kind: string; name: string; file: string }) {
  const { t } = useTranslation(["inbox", "common"]);
  const { workspace_id } = useWorkspacePath();
  const isImage = kind === "image";
  const title = (
    <>
      {isImage ? file ? null : <PictureOutlined aria-hidden /> : <FileOutlined aria-hidden />}
      <span>{t(isImage ? "thread.image" : "thread.attached")}</span>
      {name ? <SafeText text={name} clip /> : null}
    </>
  );
  if (!file) return <span className="ht-line-file">{title}</span>;
  const address = `/api/workspaces/${workspace_id}/messages/files/${file}`;
  return (
    <a className="ht-line-file" href={address} {...(isImage ? { target: "_blank", rel: "noreferrer" } : { download: plainText(name) || true })}>
      {isImage ? <Thumbnail workspaceId={workspace_id} file={file} name="" /> : null}
      {title}
    </a>
  );
}

/** What was said; in a note, whom it names stands out. */
function Text({ one: { text, mentions } }: { one: Message }) {
  return (
    <span className="ht-line-text">
      {cut(text, mentions).map((piece, index) => (piece.people.length > 0 ? <strong key={index}><SafeText text={piece.text} /></strong> : <SafeText key={index} text={piece.text} />))}
    </span>
  );
}

function Said({ one, quoted, onQuoted }: { one: Message; quoted: Message | undefined; onQuoted: (id: string) => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const files = [...one.parts.filter(({ kind }) => kind === "image" || kind === "file"), ...one.attachments];
  return (
    <div className="ht-line-body">
      {quoted ? (
        <button type="button" className="ht-line-quoted" onClick={() => { onQuoted(quoted.id); }}>
          <SafeText text={quoted.recalled_at ? t("thread.recalled") : quoted.text} clip />
        </button>
      ) : null}
      {one.recalled_at ? <em className="ht-secondary">{t("thread.recalled")}</em> : one.text ? <Text one={one} /> : null}
      {files.map(({ kind, name, file }, index) => (
        <Attached key={index} kind={kind} name={name} file={file} />
      ))}
    </div>
  );
}

interface LineProps {
  one: Message;
  of: Detail;
  /** Whether somebody else spoke before, or a while ago. */
  isNew: boolean;
  quoted: Message | undefined;
  onQuote: (message: Message) => void;
  onQuoted: (id: string) => void;
}

function Line({ one, of, isNew, quoted, onQuote, onQuoted }: LineProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const path = useWorkspacePath();
  const zone = useSession().workspace.time_zone;
  const mayAnswer = useMay("inbox.answer");
  const changed = useInboxChanged();
  const retry = $api.useMutation("post", "/api/workspaces/{workspace_id}/inbox/conversations/{conversation_id}/answers/{answer_id}/retry", {
    onSuccess: changed,
    onError(problem) {
      void message.error(problem instanceof ApiProblem ? problem.detail : t("thread.notSent"));
    },
  });
  const error = language === "zh" ? one.error_zh : one.error_en;
  const failed = AGAIN.includes(one.state);
  const name = one.direction === "in" ? of.name : one.staff_name || t(one.is_automatic ? "thread.automatic" : "thread.elsewhere");
  return (
    <li className={`ht-line ht-line-${one.direction}`} id={`message-${one.id}`} data-failed={failed} data-new={isNew}>
      {isNew ? (
        <p className="ht-line-head ht-secondary">
          {one.direction === "note" ? <LockOutlined aria-hidden /> : null}
          <SafeText text={name} />
          {one.direction === "note" ? <span>{t("thread.note")}</span> : null}
          <Tooltip title={`${formatDateTime(one.at, zone, language)} · ${formatZone(one.at, zone)}`}>
            <time dateTime={one.at}>{formatClock(one.at, zone)}</time>
          </Tooltip>
        </p>
      ) : null}
      <div className="ht-line-row">
        <Said one={one} quoted={quoted} onQuoted={onQuoted} />
        {one.direction === "in" && of.quotes && mayAnswer && !one.recalled_at ? (
          <Button type="text" size="small" className="ht-line-quote" icon={<CommentOutlined aria-hidden />} aria-label={t("thread.quoteOf", { text: plainText(one.text).slice(0, 40) })} onClick={() => { onQuote(one); }} />
        ) : null}
      </div>
      {one.edited_at && !one.recalled_at ? <p className="ht-line-foot ht-secondary">{t("thread.edited")}</p> : null}
      {one.direction === "out" && isKnown(one.state) && (failed || one.state !== "sent" || isNew) ? (
        <p className="ht-line-foot ht-secondary">
          <span className={failed ? "ht-line-failed" : ""}>{failed ? <ExclamationCircleOutlined aria-hidden /> : null} {t(`send.${one.state}`)}</span>
          {error ? <SafeText text={error} /> : null}
          {failed && mayAnswer ? (
            <Button size="small" icon={<RedoOutlined aria-hidden />} loading={retry.isPending} onClick={() => { retry.mutate({ params: { path: { ...path, conversation_id: of.id, answer_id: one.id } } }); }}>
              {t("thread.again")}
            </Button>
          ) : null}
        </p>
      ) : null}
    </li>
  );
}

function Before({ of }: { of: Detail }) {
  const { t } = useTranslation(["inbox", "common"]);
  const [open, setOpen] = useState(false);
  const { data, isPending } = useContextBefore(of.id, open);
  if (of.is_private) return null;
  return (
    <div className="ht-before">
      <Button type="link" size="small" aria-expanded={open} onClick={() => { setOpen(!open); }}>{t("thread.before")}</Button>
      {!open ? null : isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      ) : data === undefined || data.items.length === 0 ? (
        <p className="ht-secondary">{t("thread.nothingBefore")}</p>
      ) : (
        <ul>
          {data.items.map((line) => (
            <li key={line.event_id} className="ht-secondary"><SafeText text={`${line.name || t("thread.somebody")}：${line.text}`} /></li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Thread({ of, onQuote }: { of: Detail; onQuote: (message: Message) => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const language = useLanguage();
  const zone = useSession().workspace.time_zone;
  const found = useMessages(of.id);
  const end = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true); // whoever reads what was said before is not carried away by what is said now
  const lines = (found.data?.pages.flatMap(({ items }) => items) ?? []).toReversed();
  const last = lines.at(-1);
  const isOurs = last !== undefined && last.direction !== "in";
  useLayoutEffect(() => {
    const place = end.current;
    if (place && (isAtEnd.current || isOurs)) place.scrollTop = place.scrollHeight;
  }, [last?.id, last?.state, isOurs]);
  if (found.data === undefined) return <div className="ht-thread">{found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : <Skeleton active />}</div>;
  const byId = new Map(lines.map((one) => [one.id, one]));
  const days = lines.map(({ at }) => localDay(at, zone));
  return (
    <div
      className="ht-thread"
      ref={end}
      tabIndex={0}
      role="region"
      aria-label={t("thread.label")}
      onScroll={({ currentTarget: place }) => { isAtEnd.current = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR_END_PIXELS; }}
    >
      {found.hasNextPage ? <Button type="link" size="small" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{t("thread.earlier")}</Button> : <Before of={of} />}
      {lines.length === 0 ? <p className="ht-thread-empty ht-secondary">{t("thread.empty", { name: plainText(of.name) })}</p> : null}
      <ol>
        {lines.map((one, index) => {
          const before = lines[index - 1];
          const isNewDay = days[index] !== days[index - 1];
          const isNew = isNewDay || before === undefined || author(before) !== author(one) || Date.parse(one.at) - Date.parse(before.at) > TOGETHER_MILLISECONDS;
          return (
            <Fragment key={one.id}>
              {isNewDay ? <li className="ht-thread-day ht-secondary">{formatDay(days[index], language)}</li> : null}
              <Line
                one={one}
                of={of}
                isNew={isNew}
                quoted={one.quoted ? byId.get(one.quoted) : undefined}
                onQuote={onQuote}
                onQuoted={(id) => document.getElementById(`message-${id}`)?.scrollIntoView({ block: "center" })}
              />
            </Fragment>
          );
        })}
      </ol>
    </div>
  );
}
