/** An event, and what its properties must say: of a trigger, or of what a journey waits for. */
import { useId, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { localDay } from "../../format/dates";
import { useSession } from "../../app/session";
import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { EditingContext, problemId, RowContext, type Editing } from "../../segments/editor/context";
import type { PropertyTest, Step } from "../../segments/editor/language";
import { AddTest, Where } from "../../segments/editor/Properties";
import { matches } from "../../segments/editor/search";
import type { Words } from "../../segments/editor/vocabulary";
import { useValueSource } from "../../segments/queries";
import { errorAt, NO_ERRORS, type Errors } from "./errors";
import { Labelled } from "./Labelled";
import "../../segments/editor/editor.css";

interface EventSelectProps {
  words: Words;
  value: string;
  onChange: (event: string) => void;
  label: string;
  error?: string | undefined;
  disabled?: boolean;
}

export function EventSelect({ words, value, onChange, label, error, disabled = false }: EventSelectProps) {
  const { t } = useTranslation(["automation", "common"]);
  const gone = value !== "" && !words.eventOptions.some((one) => one.value === value);
  return (
    <Labelled label={label} error={error}>
      {(control) => (
        <Select
          {...control}
          className="ht-wide"
          disabled={disabled}
          placeholder={t("trigger.eventHint")}
          value={value === "" ? null : value}
          options={[...(gone ? [{ value, label: plainText(value), search: value }] : []), ...words.eventOptions]}
          showSearch={{ filterOption: (typed, option) => option !== undefined && matches(option.search, typed) }}
          onChange={(event: string | null) => { if (event !== null) onChange(event); }}
        />
      )}
    </Labelled>
  );
}

interface WhereFieldsProps {
  words: Words;
  /** Whose properties are tested; "" offers those that every event has. */
  event: string;
  value: readonly PropertyTest[];
  onChange: (where: PropertyTest[]) => void;
  errors?: Errors;
  disabled?: boolean;
  /** What the tests are of, for those who do not see it. */
  name?: string;
}

/** `errors` begin at the event: `where.0.value`. */
export function WhereFields({ words, event, value, onChange, errors = NO_ERRORS, disabled = false, name = "" }: WhereFieldsProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { workspace } = useSession();
  const values = useValueSource();
  const id = useId();
  const editing = useMemo<Editing>(() => ({ words, disabled, today: localDay(new Date(), workspace.time_zone), values, run: () => undefined }), [words, disabled, workspace.time_zone, values]);
  const problems = errors.filter(({ field }) => field === "where" || field.startsWith("where.")).map(({ field, message }) => ({ part: field.replaceAll(".", "/"), message }));
  const step: Step = { event, where: [...value] };
  const put = (next: Step) => { onChange(next.where ?? []); };
  return (
    <EditingContext value={editing}>
      <RowContext value={{ id, name: name || t("trigger.event"), problems }}>
        <div className="ht-auto-where">
          <Where prefix="" step={step} onChange={put} />
          {problems.length > 0 ? (
            <ul className="ht-ce-problems">
              {problems.map(({ part, message }) => <li key={`${part} ${message}`} id={problemId(id, part)}>{message}</li>)}
            </ul>
          ) : null}
          <div><AddTest step={step} label={t("trigger.addTest")} onChange={put} /></div>
        </div>
      </RowContext>
    </EditingContext>
  );
}

interface EventFieldsProps {
  words: Words;
  value: Step;
  onChange: (step: Step) => void;
  label: string;
  errors?: Errors;
  disabled?: boolean;
}

/** Another event has other properties: the tests of the one before go. */
export function EventFields({ words, value, onChange, label, errors = NO_ERRORS, disabled = false }: EventFieldsProps) {
  return (
    <>
      <EventSelect words={words} value={value.event} label={label} error={errorAt(errors, "event")} disabled={disabled} onChange={(event) => { onChange(event === value.event ? value : { event }); }} />
      {value.event === "" ? null : (
        <WhereFields words={words} event={value.event} value={value.where ?? []} errors={errors} disabled={disabled} onChange={(where) => { onChange(where.length > 0 ? { event: value.event, where } : { event: value.event }); }} />
      )}
    </>
  );
}
