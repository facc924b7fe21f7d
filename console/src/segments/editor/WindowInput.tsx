/** In which days events count: ever, the last n, since a day, between two. */
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { useEditing } from "./context";
import type { Window } from "./language";
import { WINDOW_KINDS, withWindowKind } from "./leaf";
import { Part } from "./Part";
import { DayInput, DaysInput } from "./ValueInput";

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

export function WindowInput({ window, onChange }: { window: Window; onChange: (window: Window, field?: string) => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled, today } = useEditing();
  return (
    <span className="ht-ce-window">
      <Part at="window/kind" label={t("editor.window")}>
        {(control) => (
          <Select
            {...control}
            disabled={disabled}
            value={window.kind}
            popupMatchSelectWidth={false}
            options={WINDOW_KINDS.map((kind) => ({ value: kind, label: t(`editor.windows.${kind}`) }))}
            onChange={(kind) => {
              onChange(withWindowKind(window, kind, today));
            }}
          />
        )}
      </Part>
      {window.kind === "last_days" ? (
        <DaysInput
          at="window/days"
          value={window.days}
          onChange={(days) => {
            onChange({ kind: "last_days", days: typeof days === "number" ? days : null }, "window/days");
          }}
        />
      ) : null}
      {window.kind === "since" ? (
        <DayInput
          at="window/date"
          label={t("editor.from")}
          value={window.date}
          onChange={(date) => {
            onChange({ kind: "since", date: textOrNull(date) }, "window/date");
          }}
        />
      ) : null}
      {window.kind === "between" ? (
        <span className="ht-ce-range" data-part="window">
          <DayInput
            at="window/first"
            label={t("editor.from")}
            value={window.first}
            onChange={(first) => {
              onChange({ ...window, first: textOrNull(first) }, "window/first");
            }}
          />
          <span aria-hidden>{t("editor.to")}</span>
          <DayInput
            at="window/last"
            label={t("editor.until")}
            value={window.last}
            onChange={(last) => {
              onChange({ ...window, last: textOrNull(last) }, "window/last");
            }}
          />
        </span>
      ) : null}
    </span>
  );
}
