/** What a rule does: its actions in their order, each with its form; moved, copied and removed with mouse or keyboard. */
import { ArrowDownOutlined, ArrowUpOutlined, CopyOutlined, DeleteOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import { useLayoutEffect, useRef, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { plainText } from "../../kit/safeText";
import { moved } from "../../messages/parts";
import { ActionForm } from "../shared/ActionForm";
import { ACTION_ICONS, AddAction } from "../shared/ActionPicker";
import { errorAt, under, type Errors } from "../shared/errors";
import { useActions } from "../shared/queries";
import { duplicated, newActionId, newSettings } from "../shared/settings";
import type { ActionUse } from "../shared/types";
import { ACTIONS_MAX } from "./draft";

interface ActionListProps {
  value: readonly ActionUse[];
  onChange: (actions: ActionUse[]) => void;
  /** As seen from the list: `0.settings.tag_id`. */
  errors: Errors;
  disabled: boolean;
  event: string | undefined;
}

export function ActionList({ value, onChange, errors, disabled, event }: ActionListProps) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const { data, error, refetch } = useActions();
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<string | null>(null);
  // After a move, a copy or a removal the focus goes where the hand would look for it.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    list.current?.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = null;
  });
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : <Skeleton active paragraph={{ rows: 3 }} />;
  const by = new Map(data.items.map((one) => [one.name, one]));
  const full = value.length >= ACTIONS_MAX;

  function move(index: number, step: -1 | 1) {
    const to = index + step;
    if (to < 0 || to >= value.length) return;
    const atEdge = step === -1 ? to === 0 : to === value.length - 1;
    wanted.current = `[data-action="${to}"] [data-move="${atEdge ? -step : step}"]`;
    onChange(moved(value, index, to));
  }
  function onKeyDown(key: KeyboardEvent, index: number) {
    if (!key.altKey || disabled || (key.key !== "ArrowUp" && key.key !== "ArrowDown")) return;
    key.preventDefault();
    move(index, key.key === "ArrowUp" ? -1 : 1);
  }
  return (
    <div className="ht-auto-form">
      {value.length === 0 ? <p className="ht-secondary">{t("actions.none")}</p> : null}
      <ol ref={list} className="ht-rule-actions">
        {value.map((one, index) => {
          const kind = by.get(one.action);
          const name = kind?.[language] ?? plainText(one.action);
          const place = t("actions.place", { number: index + 1, name });
          const Icon = kind ? ACTION_ICONS[kind.kind] : null;
          const own = under(errors, String(index));
          const wrong = errorAt(own, "action") ?? errorAt(own, "id") ?? errorAt(own, "");
          return (
            <li key={one.id} data-action={index} aria-label={place} onKeyDown={(key) => { onKeyDown(key, index); }}>
              <header>
                <strong>{Icon ? <Icon aria-hidden /> : null} <span className="ht-rule-place">{index + 1}</span> {name}</strong>
                {disabled ? null : (
                  <span className="ht-rule-tools">
                    <Button type="text" size="small" icon={<ArrowUpOutlined />} data-move={-1} disabled={index === 0} aria-label={t("actions.moveUp", { place })} onClick={() => { move(index, -1); }} />
                    <Button type="text" size="small" icon={<ArrowDownOutlined />} data-move={1} disabled={index === value.length - 1} aria-label={t("actions.moveDown", { place })} onClick={() => { move(index, 1); }} />
                    <Button type="text" size="small" icon={<CopyOutlined />} disabled={full} aria-label={t("actions.copy", { place })} onClick={() => { wanted.current = `[data-action="${index + 1}"] [data-remove]`; onChange(duplicated(value, index)); }} />
                    <Button type="text" size="small" icon={<DeleteOutlined />} data-remove aria-label={t("actions.remove", { place })} onClick={() => { wanted.current = `[data-action="${Math.min(index, value.length - 2)}"] [data-remove]`; onChange(value.filter((_, at) => at !== index)); }} />
                  </span>
                )}
              </header>
              {wrong ? <p className="ht-field-error" role="alert">{wrong}</p> : null}
              {kind ? (
                <ActionForm action={kind} settings={one.settings} errors={under(own, "settings")} disabled={disabled} event={event} onChange={(settings) => { onChange(value.map((other, at) => (at === index ? { ...other, settings: { ...settings } } : other))); }} />
              ) : (
                <p className="ht-field-error">{t("actions.gone")}</p>
              )}
            </li>
          );
        })}
      </ol>
      {errorAt(errors, "") ? <p className="ht-field-error" role="alert">{errorAt(errors, "")}</p> : null}
      {disabled ? null : (
        <div>
          <AddAction
            disabled={full}
            onPick={(action) => {
              wanted.current = `[data-action="${value.length}"] :is(input, textarea, button[role=switch])`;
              onChange([...value, { id: newActionId(value), action: action.name, settings: newSettings(action) }]);
            }}
          />
          {full ? <span className="ht-secondary"> {t("actions.full", { count: ACTIONS_MAX })}</span> : null}
        </div>
      )}
    </div>
  );
}
