/** The form of an action, made of its fields. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { MoreFields } from "../../messages/moreFields";
import { errorAt, errorIn, NO_ERRORS, under, type Errors } from "./errors";
import { FieldInput } from "./FieldInput";
import { Labelled } from "./Labelled";
import { shown, valueOf, withValue } from "./settings";
import type { ActionKind, Field, Settings } from "./types";
import { useWords } from "./useWords";
import "../../members/members.css";
import "./shared.css";

interface ActionFormProps {
  action: ActionKind;
  settings: Settings;
  onChange: (settings: Settings) => void;
  /** As seen from the settings: `tag_id`, `parts.0.text`. */
  errors?: Errors;
  disabled?: boolean;
  /** What is answered: its properties can stand in texts. */
  event?: string | undefined;
}

/** Fields that are several controls, or a switch beside its name. */
const GROUPS: ReadonlySet<Field["kind"]> = new Set(["message", "properties"]);
const RADIO_MAX = 3;
/** Fields that say themselves where in them something is wrong. */
const PLACES: ReadonlySet<Field["kind"]> = new Set(["message", "properties"]);

/** It may stay empty, and its input does not say so itself. */
const isOpen = ({ is_required, kind, default: value }: Field) => !is_required && (value === null || value === "") && kind !== "choice" && kind !== "staff";

/** Of which attribute the value is. */
function attributeOf({ of }: Field, settings: Settings): string {
  const key = of === "" ? undefined : settings[of];
  return typeof key === "string" ? key : "";
}

const isGroup = ({ kind, choices }: Field) => GROUPS.has(kind) || (kind === "choice" && choices.length <= RADIO_MAX);

export function ActionForm({ action, settings, onChange, errors = NO_ERRORS, disabled = false, event }: ActionFormProps) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const { words } = useWords();
  const more = useMemo(() => (words && event ? words.properties(event).filter(({ name }) => !name.startsWith("$")).map(({ name, label }) => ({ name: `event.${name}`, label: t("field.ofEvent", { name: label }) })) : []), [words, event, t]);
  const unplaced = errorAt(errors, "");
  return (
    <MoreFields value={more}>
      <div className="ht-auto-form">
        {unplaced ? <p className="ht-field-error" role="alert">{unplaced}</p> : null}
        {shown(action.fields, settings).map((field) => {
          const label = field[language];
          const own = under(errors, field.name);
          const hint = language === "zh" ? field.hint_zh : field.hint_en;
          return (
            <Labelled key={field.name} label={label} hint={hint} error={PLACES.has(field.kind) ? errorAt(errors, field.name) : errorIn(errors, field.name)} note={isOpen(field) ? t("field.optional") : undefined} group={isGroup(field)}>
              {(control) => (
                <FieldInput
                  field={field}
                  label={label}
                  value={valueOf(field, settings) ?? undefined}
                  attribute={attributeOf(field, settings)}
                  onChange={(value) => { onChange(withValue(action.fields, settings, field.name, value)); }}
                  control={control}
                  errors={own}
                  disabled={disabled}
                />
              )}
            </Labelled>
          );
        })}
        {action.fields.length === 0 ? <p className="ht-secondary">{t("field.nothing")}</p> : null}
      </div>
    </MoreFields>
  );
}
