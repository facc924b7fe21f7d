/** The inbox: conversations, the one that is open, and who it is with. One column at a time on a phone; everything by keyboard. */
import { BarChartOutlined, ControlOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Modal, type InputRef } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useCommunity } from "../app/CommunitySwitcher";
import { useMay, useSession } from "../app/session";
import { usePhone } from "../design/useMedia";
import { PageHeader } from "../kit/PageHeader";
import { plainText } from "../kit/safeText";
import { useChange } from "./Acts";
import { Assigning } from "./Assigning";
import { Conversation } from "./Conversation";
import { ConversationList } from "./ConversationList";
import type { Mode } from "./drafts";
import { parseInboxSearch, without, type InboxSearch } from "./filters";
import { InboxFilters } from "./InboxFilters";
import { useOthers } from "./presence";
import { useConversations } from "./queries";
import "./inbox.css";

const KEYS = ["j", "k", "Enter", "r", "n", "a", "e", "s", "f", "/", "?"] as const;
const KEY_NAMES = { j: "j", k: "k", Enter: "enter", r: "r", n: "n", a: "a", e: "e", s: "s", f: "f", "/": "slash", "?": "help" } as const;
const TYPED_INTO = "input, textarea, select, [role=combobox], [role=dialog], [role=menu], [contenteditable]";

function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("keys.title")}>
      <dl className="ht-inbox-keys">
        {KEYS.map((key) => (
          <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(`keys.${KEY_NAMES[key]}`)}</dd></div>
        ))}
        <div><dt><kbd>Ctrl / ⌘ + Enter</kbd></dt><dd>{t("keys.send")}</dd></div>
        <div><dt><kbd>Esc</kbd></dt><dd>{t("keys.escape")}</dd></div>
      </dl>
    </Modal>
  );
}

/** Keys that mean something wherever nobody is typing. */
function useKeys(acts: Partial<Record<string, () => void>>) {
  const onKey = useRef<(event: KeyboardEvent) => void>(() => undefined);
  useEffect(() => {
    onKey.current = (event) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest(TYPED_INTO)) return;
      if (event.key === "Enter" && target.closest("button, a")) return;
      const act = acts[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => { onKey.current(event); };
    window.addEventListener("keydown", listen);
    return () => { window.removeEventListener("keydown", listen); };
  }, []);
}

export function InboxPage() {
  const { t } = useTranslation(["inbox", "common"]);
  const phone = usePhone();
  const navigate = useNavigate({ from: "/communities/inbox" });
  const search = parseInboxSearch(useSearch({ from: "/_in/communities/inbox" }));
  const community = useCommunity();
  const { user } = useSession();
  const mayAnswer = useMay("inbox.answer");
  const maySeeNumbers = useMay("reports.read");
  const filters = without(search, "at");
  const list = useConversations(filters, community?.id);
  const others = useOthers();
  const [mode, setMode] = useState<Mode>("answer");
  const [snoozing, setSnoozing] = useState(false);
  const [helping, setHelping] = useState(false);
  const [assigning, setAssigning] = useState(false);
  const box = useRef<TextAreaRef>(null);
  const searchBox = useRef<InputRef>(null);
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const chosen = search.at ?? (phone ? undefined : rows[0]?.id);
  const place = rows.findIndex(({ id }) => id === chosen);
  const show = (values: InboxSearch, among: string | undefined = community?.id) => {
    void navigate({ search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...(among ? { community: among } : {}), ...values }), replace: true });
  };
  const choose = (id: string | undefined) => {
    setSnoozing(false);
    show(id === undefined ? filters : { ...filters, at: id });
  };
  const write = (next: Mode) => {
    setMode(next);
    window.setTimeout(() => box.current?.focus(), 0); // the box of the other kind is there after this turn
  };
  const step = (by: 1 | -1) => {
    const next = rows[place + by];
    if (next) choose(next.id);
  };
  /** What is done leaves the list: the next one is opened, on a phone the list. */
  const goOn = () => {
    if (place !== -1) choose(phone ? undefined : (rows[place + 1] ?? rows[place - 1])?.id);
  };
  const change = useChange(mayAnswer ? chosen : undefined);
  useKeys({
    j: () => { step(1); },
    k: () => { step(-1); },
    f: () => { searchBox.current?.focus(); },
    Enter: () => { if (chosen) choose(chosen); },
    "?": () => { setHelping(true); },
    ...(mayAnswer
      ? {
          r: () => { write("answer"); },
          "/": () => { write("answer"); },
          n: () => { write("note"); },
          a: () => { change({ assignee_id: user.id }); },
          e: () => { change({ state: "closed" }, goOn); },
          s: () => { setSnoozing(true); },
        }
      : {}),
  });

  const isFiltered = Object.keys(filters).length > 0 || community !== null;
  const left = !phone || search.at === undefined;
  const actions = (
    <>
      {maySeeNumbers ? <ButtonLink to="/analytics" search={{ view: "answers" }} icon={<BarChartOutlined aria-hidden />}>{t("times")}</ButtonLink> : null}
      <Button icon={<ControlOutlined aria-hidden />} onClick={() => { setAssigning(true); }}>{t("assigning.title")}</Button>
      {phone ? null : <Button icon={<QuestionCircleOutlined aria-hidden />} onClick={() => { setHelping(true); }}>{t("keys.title")}</Button>}
    </>
  );
  return (
    <div className="ht-page ht-inbox-page">
      {left ? <PageHeader title={t("title")} actions={actions} /> : <h1 className="ht-visually-hidden">{t("title")}</h1>}
      {left && community ? (
        <p className="ht-inbox-only ht-secondary">
          {t("list.only", { name: plainText(community.name) })}
          <Button type="link" size="small" onClick={() => { show(search, ""); }}>{t("list.everywhere")}</Button>
        </p>
      ) : null}
      <div className="ht-inbox" data-open={search.at !== undefined}>
        {left ? (
          <section className="ht-inbox-list" aria-label={t("list.label")}>
            <InboxFilters values={filters} community={community?.id} onChange={show} searchBox={searchBox} />
            <ConversationList list={list} rows={rows} others={others} chosen={chosen} isFiltered={isFiltered} onChoose={choose} onClear={() => { show({}, ""); }} />
          </section>
        ) : null}
        {chosen !== undefined && (!phone || search.at !== undefined) ? (
          <Conversation
            key={chosen}
            id={chosen}
            back={phone ? () => { choose(undefined); } : null}
            others={others.get(chosen)}
            onClosed={goOn}
            {...{ mode, setMode, box, snoozing, setSnoozing }}
          />
        ) : phone ? null : (
          <section className="ht-inbox-none ht-secondary">{t("thread.none")}</section>
        )}
      </div>
      <Help open={helping} onClose={() => { setHelping(false); }} />
      {assigning ? <Assigning onClose={() => { setAssigning(false); }} /> : null}
    </div>
  );
}
