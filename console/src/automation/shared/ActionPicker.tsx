/** Every action there is, by what it is about, found by typing; what somebody may not use says why. */
import { BellOutlined, GlobalOutlined, MessageOutlined, PlusOutlined, SearchOutlined, SwapOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Input, Modal, Skeleton } from "antd";
import { useId, useRef, useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { matches, searchText } from "../../segments/editor/search";
import { useActions } from "./queries";
import type { ActionKind } from "./types";
import "./shared.css";

export const KINDS = ["message", "member", "staff", "outside", "automation"] as const satisfies readonly ActionKind["kind"][];

export const ACTION_ICONS: Record<ActionKind["kind"], ComponentType<{ "aria-hidden"?: boolean }>> = {
  message: MessageOutlined,
  member: UserOutlined,
  staff: BellOutlined,
  outside: GlobalOutlined,
  automation: SwapOutlined,
};

export function ActionPicker({ onPick, autoFocus = false }: { onPick: (action: ActionKind) => void; autoFocus?: boolean }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const id = useId();
  const [typed, setTyped] = useState("");
  const { data, error, refetch } = useActions();
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : <Skeleton active title={false} paragraph={{ rows: 4 }} />;
  const found = data.items.filter((one) => typed.trim() === "" || matches(searchText(one.zh, one.en, one.name), typed));
  const kinds = KINDS.filter((kind) => found.some((one) => one.kind === kind));
  const first = found.find(({ is_allowed }) => is_allowed);
  return (
    <div className="ht-auto-picker">
      <Input
        prefix={<SearchOutlined aria-hidden />}
        aria-label={t("actions.search")}
        placeholder={t("actions.search")}
        autoFocus={autoFocus}
        allowClear
        value={typed}
        onChange={(event) => { setTyped(event.target.value); }}
        onPressEnter={() => { if (first && typed.trim() !== "") onPick(first); }}
      />
      {kinds.map((kind) => {
        const Icon = ACTION_ICONS[kind];
        return (
          <section key={kind} aria-labelledby={`${id}-${kind}`}>
            <h3 id={`${id}-${kind}`}><Icon aria-hidden /> {t(`actions.kinds.${kind}`)}</h3>
            <ul>
              {found.filter((one) => one.kind === kind).map((one) => (
                <li key={one.name}>
                  <Button type="text" block disabled={!one.is_allowed} onClick={() => { onPick(one); }}>
                    {one[language]}
                    {one.is_allowed ? null : <span className="ht-auto-note">{t("actions.notAllowed")}</span>}
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {found.length === 0 ? <p className="ht-secondary" role="status">{t("actions.nothing")}</p> : null}
    </div>
  );
}

/** The button that opens the picker. Whoever picks moves on to the new form; whoever does not is back at the button. */
export function AddAction({ onPick, disabled = false }: { onPick: (action: ActionKind) => void; disabled?: boolean }) {
  const { t } = useTranslation(["automation", "common"]);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button ref={button} icon={<PlusOutlined aria-hidden />} disabled={disabled} aria-haspopup="dialog" onClick={() => { setOpen(true); }}>{t("actions.add")}</Button>
      <Modal
        open={open}
        title={t("actions.choose")}
        footer={null}
        width={420}
        destroyOnHidden
        focusable={{ focusTriggerAfterClose: false }}
        onCancel={() => {
          setOpen(false);
          button.current?.focus();
        }}
      >
        <ActionPicker
          autoFocus
          onPick={(action) => {
            setOpen(false);
            onPick(action);
          }}
        />
      </Modal>
    </>
  );
}
