/** Writing an answer or a note. What is written stays when one leaves; Ctrl or Cmd with Enter sends; `/` offers scripts, `@` in a note colleagues. */
import { CloseOutlined, PaperClipOutlined, WarningOutlined } from "@ant-design/icons";
import { App, Button, Input, Segmented } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { newIdempotencyKey } from "../api/middleware";
import { ApiProblem } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { usePhone } from "../design/useMedia";
import { formatDateTime } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { Attach } from "../messages/Attach";
import { newPart, partsOf } from "../messages/parts";
import type { Mode, useDraft } from "./drafts";
import { named, typedName, type Colleague } from "./mentions";
import { Picks, useColleaguePicks, useScriptPicks } from "./Picks";
import { useInboxChanged, useStaff, type Detail, type Message, type Script } from "./queries";
import { useNow } from "./Waits";

interface ComposerProps {
  of: Detail;
  mode: Mode;
  setMode: (mode: Mode) => void;
  draft: ReturnType<typeof useDraft>;
  /** What others answered since this was begun, the latest first. */
  crossed: readonly Message[];
  wrote: () => void;
  box: RefObject<TextAreaRef | null>;
}

const WORD = /^\/(\S{0,30})$/;
const ENDS_SOON_MILLISECONDS = 600_000;
const LENGTH_MAX: Record<Mode, number> = { answer: 10_000, note: 5_000 };

/** How long and how often the platform still lets us answer; said before anybody begins to write. */
function useWindow({ window: found }: Detail) {
  const now = useNow();
  if (found === null) return { isOver: false, ends: null, left: null, isSoon: false };
  const ends = found.ends_at === null ? null : Date.parse(found.ends_at);
  return {
    isOver: found.left <= 0 || (ends !== null && ends <= now),
    ends: found.ends_at,
    left: found.left,
    isSoon: found.left === 1 || (ends !== null && ends - now < ENDS_SOON_MILLISECONDS),
  };
}

function Crossed({ crossed, onSeen }: { crossed: readonly Message[]; onSeen: () => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const [latest] = crossed;
  if (latest === undefined) return null;
  return (
    <div className="ht-compose-crossed" role="alert">
      <WarningOutlined aria-hidden />
      <p>
        <strong>{t("compose.crossed", { name: plainText(latest.staff_name) || t("thread.elsewhere") })}</strong> <SafeText text={latest.text} clip />
      </p>
      <Button size="small" onClick={onSeen}>{t("compose.crossedSeen")}</Button>
    </div>
  );
}

export function Composer({ of, mode, setMode, draft: kept, crossed, wrote, box }: ComposerProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const { draft } = kept;
  const change: typeof kept.change = (said) => { kept.change(said); };
  const { message, modal } = App.useApp();
  const path = useWorkspacePath();
  const zone = useSession().workspace.time_zone;
  const language = useLanguage();
  const phone = usePhone();
  const mayPick = useMay("scripts.read");
  const changed = useInboxChanged();
  const id = useId();
  const key = useRef(newIdempotencyKey()); // of what is being written: sent twice it is one message
  const [at, setAt] = useState(0); // which of what is offered is meant
  const [caret, setCaret] = useState(0);
  const [refusedWord, refuseWord] = useState<string | null>(null); // Escape: `/word` or `@word` is meant as it stands
  const { isOver, ends, left, isSoon } = useWindow(of);
  const isEmpty = draft.text.trim() === "" && (mode === "note" || draft.extra.length === 0);
  const typed = mode === "note" ? typedName(draft.text, caret) : mayPick ? WORD.exec(draft.text)?.[1] : undefined;
  const word = typed === refusedWord ? undefined : typed;
  const scripts = useScriptPicks(mode === "answer" ? word : undefined);
  const colleagues = useColleaguePicks(mode === "note" ? word : undefined);
  const picks = scripts ?? colleagues?.map(({ id: one, name }) => ({ id: one, title: name }));
  const staff = useStaff().data?.items;
  const called = mode === "note" ? named(draft.text, staff ?? []) : [];

  const done = async () => {
    key.current = newIdempotencyKey();
    kept.clear();
    await changed();
  };
  const refused = (problem: unknown) => {
    const moved = problem instanceof ApiProblem && problem.code === "conversation_moved" ? problem.params.last_message : undefined;
    if (typeof moved === "string" && problem instanceof ApiProblem) {
      void changed();
      const by = problem.params.by;
      modal.confirm({
        title: problem.title,
        content: typeof by === "string" && by !== "" ? t("compose.moved", { name: plainText(by) }) : problem.detail,
        okText: t("compose.sendStill"),
        cancelText: t("compose.lookFirst"),
        onOk: () => { send(moved); },
      });
    } else void message.error(problem instanceof ApiProblem ? (problem.errors[0]?.message ?? problem.detail) : t("thread.notSent"));
  };
  const answer = $api.useMutation("post", "/api/workspaces/{workspace_id}/inbox/conversations/{conversation_id}/answers", { onSuccess: done, onError: refused });
  const note = $api.useMutation("post", "/api/workspaces/{workspace_id}/inbox/conversations/{conversation_id}/notes", { onSuccess: done, onError: refused });
  const params = { path: { ...path, conversation_id: of.id } };
  const isPending = answer.isPending || note.isPending;
  const maySend = !isEmpty && !isPending && !(mode === "answer" && isOver);

  function send(expected: string | null = draft.seen) {
    if (!maySend) return;
    if (mode === "note") {
      note.mutate({ params, body: { key: key.current, text: draft.text, mentions: called.map(({ id: one }) => one) } });
      return;
    }
    const parts = [...(draft.text.trim() === "" ? [] : [newPart("text", { text: draft.text })]), ...draft.extra];
    answer.mutate({ params, body: { key: key.current, parts, quotes: draft.quoted?.id ?? null, expected_last_message: expected, script_id: draft.script_id } });
  }
  function pick(index: number) {
    const script = scripts?.[index];
    const colleague = colleagues?.[index];
    setAt(0);
    if (script) put(script);
    else if (colleague) name(colleague);
    box.current?.focus();
  }
  function name(colleague: Colleague) {
    const before = `${draft.text.slice(0, caret - (word?.length ?? 0))}${colleague.name} `;
    change({ text: before + draft.text.slice(caret) });
    setCaret(before.length);
    window.setTimeout(() => box.current?.resizableTextArea?.textArea.setSelectionRange(before.length, before.length), 0); // once the text is there
  }
  function put(script: Script) {
    const parts = partsOf(script.parts);
    change({ text: parts.filter(({ kind }) => kind === "text").map((part) => part.text).join("\n"), extra: parts.filter(({ kind }) => kind !== "text"), script_id: script.id });
  }
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing) return; // Enter there chooses a word of the input method
    const meant = picks?.length ? Math.min(at, picks.length - 1) : undefined;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (picks !== undefined && meant !== undefined && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setAt((meant + (event.key === "ArrowDown" ? 1 : picks.length - 1)) % picks.length);
    } else if (meant !== undefined && (event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
      event.preventDefault();
      pick(meant);
    } else if (event.key === "Escape") {
      if (picks !== undefined) refuseWord(typed ?? null);
      else event.currentTarget.blur();
    }
  }
  const list = `${id}-picks`;
  const chosen = picks && picks.length > 0 ? Math.min(at, picks.length - 1) : undefined;
  return (
    <form
      className={`ht-compose ht-compose-${mode}`}
      aria-label={t(`compose.${mode}`)}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {mode === "answer" ? <Crossed crossed={crossed} onSeen={() => { change({ seen: of.last_message }); }} /> : null}
      {picks === undefined ? null : <Picks id={list} label={t(mode === "note" ? "compose.colleagues" : "compose.scripts")} nothing={t("compose.noScripts")} picks={picks} at={chosen ?? 0} onPick={pick} />}
      <div className="ht-compose-head">
        <Segmented<Mode> size="small" value={mode} onChange={setMode} options={(["answer", "note"] as const).map((value) => ({ value, label: t(`compose.${value}`) }))} />
        {mode === "note" ? (
          <p className="ht-secondary" role="status">{called.length === 0 ? t("compose.noteHint") : t("compose.called", { names: new Intl.ListFormat(language).format(called.map((one) => plainText(one.name))) })}</p>
        ) : isOver ? (
          <p className="ht-compose-over" role="status"><WarningOutlined aria-hidden /> {t("compose.over")}</p>
        ) : left === null ? null : (
          <p className={isSoon ? "ht-compose-soon" : "ht-secondary"} role="status">
            {t("compose.left", { count: left })}
            {ends ? <> {t("compose.until", { at: formatDateTime(ends, zone, language) })}</> : null}
          </p>
        )}
      </div>
      {draft.quoted && mode === "answer" ? (
        <p className="ht-compose-quote ht-secondary">
          <SafeText text={draft.quoted.text} clip />
          <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("compose.noQuote")} onClick={() => { change({ quoted: null }); }} />
        </p>
      ) : null}
      <label htmlFor={id} className="ht-visually-hidden">{t(`compose.${mode}`)}</label>
      <Input.TextArea
        id={id}
        ref={box}
        value={draft.text}
        maxLength={LENGTH_MAX[mode]}
        autoSize={{ minRows: phone ? 1 : 2, maxRows: phone ? 5 : 8 }}
        placeholder={t(mode === "note" ? "compose.notePlaceholder" : phone ? "compose.hintShort" : "compose.hint")}
        aria-autocomplete={mode === "note" || mayPick ? "list" : undefined}
        aria-controls={chosen === undefined ? undefined : list}
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen}`}
        onSelect={(event) => { setCaret(event.currentTarget.selectionStart); }}
        onChange={(event) => {
          wrote();
          setAt(0);
          setCaret(event.target.selectionStart);
          change({ text: event.target.value, ...(event.target.value === "" ? { script_id: null } : {}) });
        }}
        onKeyDown={onKeyDown}
      />
      {mode === "answer" && draft.extra.length > 0 ? (
        <ul className="ht-compose-files">
          {draft.extra.map((part, index) => {
            const name = part.name || part.title || part.url || t("compose.part");
            return (
              <li key={index}>
                <PaperClipOutlined aria-hidden />
                <SafeText text={name} clip />
                <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("compose.remove", { name })} onClick={() => { change({ extra: draft.extra.filter((_, place) => place !== index) }); }} />
              </li>
            );
          })}
        </ul>
      ) : null}
      <div className="ht-compose-foot">
        {mode === "answer" ? <Attach workspaceId={path.workspace_id} disabled={isPending} onKept={(part) => { change({ extra: [...draft.extra, part] }); }} /> : null}
        <Button type="primary" htmlType="submit" disabled={!maySend && !isPending} loading={isPending}>{t(mode === "answer" ? "compose.send" : "compose.keep")}</Button>
      </div>
    </form>
  );
}
