/** The conversation that is open: how it stands and who else is at it, what was said, and the box to answer in. */
import { ArrowLeftOutlined, InfoCircleOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Skeleton } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../app/session";
import { useMedia } from "../design/useMedia";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { Acts } from "./Acts";
import { Card } from "./Card";
import { Composer } from "./Composer";
import { quoteOf, useDraft, type Mode } from "./drafts";
import { usePresence, type Present as Person } from "./presence";
import { Present } from "./Present";
import { useConversation, useMessages, type Detail, type Message } from "./queries";
import { Thread } from "./Thread";
import { Waits } from "./Waits";

const NARROW = "(max-width: 1199.98px)";

interface ConversationProps {
  id: string;
  back: (() => void) | null;
  others: readonly Person[] | undefined;
  mode: Mode;
  setMode: (mode: Mode) => void;
  box: React.RefObject<TextAreaRef | null>;
  snoozing: boolean;
  setSnoozing: (open: boolean) => void;
  onClosed: () => void;
}

export function Conversation(props: ConversationProps) {
  const { data, error, refetch } = useConversation(props.id);
  if (data === undefined) return <section className="ht-inbox-open">{error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton active />}</section>;
  return <Open {...props} of={data} />;
}

/** What colleagues (or programs) answered since writing began, the latest first. */
function answeredSince(lines: readonly Message[], seen: string | null, me: string): Message[] {
  const until = lines.findIndex(({ id }) => id === seen);
  if (seen === null || until === -1) return [];
  return lines.slice(0, until).filter(({ direction, is_automatic, staff_id }) => direction === "out" && !is_automatic && staff_id !== me);
}

function Open({ of, back, others, mode, setMode, box, snoozing, setSnoozing, onClosed }: ConversationProps & { of: Detail }) {
  const { t } = useTranslation(["inbox", "common"]);
  const { user } = useSession();
  const mayAnswer = useMay("inbox.answer");
  const narrow = useMedia(NARROW);
  const [card, setCard] = useState(false);
  const { wrote } = usePresence(of);
  const answer = useDraft(of.id, "answer", of.last_message);
  const note = useDraft(of.id, "note", of.last_message);
  const lines = useMessages(of.id).data?.pages.flatMap(({ items }) => items) ?? [];
  const draft = mode === "answer" ? answer : note;
  const crossed = mode === "answer" ? answeredSince(lines, answer.draft.seen, user.id) : [];
  return (
    <>
      <section className="ht-inbox-open" aria-labelledby="inbox-open">
        <header>
          <div className="ht-inbox-who">
            {back ? <Button type="text" icon={<ArrowLeftOutlined />} aria-label={t("thread.back")} onClick={back} /> : null}
            <h2 id="inbox-open">{of.member_id ? <Link to="/members/$memberId" params={{ memberId: of.member_id }}><SafeText text={of.name} clip /></Link> : <SafeText text={of.name} clip />}</h2>
            {of.waiting_since ? <Waits since={of.waiting_since} /> : <span className="ht-secondary">{of.last_message === null ? null : t(`state.${of.state}`)}</span>}
            {narrow ? <Button type="text" size="small" icon={<InfoCircleOutlined />} aria-label={t("card.open")} onClick={() => { setCard(true); }} /> : null}
          </div>
          <Acts of={of} snoozing={snoozing} setSnoozing={setSnoozing} onClosed={onClosed} />
          <p className="ht-inbox-here" role="status"><Present people={others} /></p>
        </header>
        <Thread of={of} onQuote={(message) => { answer.change({ quoted: quoteOf(message) }); setMode("answer"); window.setTimeout(() => box.current?.focus(), 0); }} />
        {mayAnswer ? <Composer key={mode} of={of} draft={draft} crossed={crossed} {...{ mode, setMode, box, wrote }} /> : null}
      </section>
      {narrow ? (
        <Drawer open={card} onClose={() => { setCard(false); }} title={t("card.label")} size={320} closable={{ "aria-label": t("card.close"), placement: "end" }}>
          <div className="ht-inbox-card"><Card of={of} /></div>
        </Drawer>
      ) : (
        <aside className="ht-inbox-card" aria-label={t("card.label")}><Card of={of} /></aside>
      )}
    </>
  );
}
