/** How long somebody waits: a while, until a time of day, until a day of theirs, until something happens. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input } from "antd";
import { useTranslation } from "react-i18next";

import { weekdayNames } from "../../../format/dates";
import { DateFields } from "../../shared/DateFields";
import { DurationInput } from "../../shared/DurationInput";
import { errorAt, under } from "../../shared/errors";
import { EventFields } from "../../shared/EventFields";
import { Labelled } from "../../shared/Labelled";
import { BRANCHES_MAX, newId, WAIT_SECONDS_MAX, type Awaited, type WaitDateNode, type WaitEventNode, type WaitNode, type WaitTimeNode } from "../graph";
import type { StepFormProps } from "./form";

export function WaitForm({ node, put, errors, disabled }: StepFormProps<WaitNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  return (
    <Labelled label={t("wait.seconds")} error={errorAt(errors, "seconds")}>
      {(control) => <DurationInput {...control} label={t("wait.seconds")} value={node.seconds ?? 86_400} most={WAIT_SECONDS_MAX} disabled={disabled} onChange={(seconds) => { put({ ...node, seconds: seconds ?? 0 }, "seconds"); }} />}
    </Labelled>
  );
}

export function WaitTimeForm({ node, put, errors, disabled, lexicon }: StepFormProps<WaitTimeNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const names = weekdayNames(lexicon.language);
  return (
    <>
      <Labelled label={t("wait.time")} error={errorAt(errors, "time")} hint={t("wait.clock")}>
        {({ status, ...control }) => <Input {...control} {...(status ? { status } : {})} type="time" className="ht-jf-time" disabled={disabled} value={node.time ?? "09:00"} onChange={(event) => { put({ ...node, time: event.target.value }, "time"); }} />}
      </Labelled>
      <Labelled label={t("wait.weekdays")} error={errorAt(errors, "weekdays")} hint={t("wait.weekdaysHint")} group>
        {() => <Checkbox.Group disabled={disabled} value={node.weekdays ?? []} options={names.map((label, index) => ({ value: index + 1, label }))} onChange={(days) => { put({ ...node, weekdays: days.map(Number).sort((one, other) => one - other) }); }} />}
      </Labelled>
    </>
  );
}

export function WaitDateForm({ node, put, errors, disabled, lexicon }: StepFormProps<WaitDateNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  if (!lexicon.words) return null;
  return (
    <>
      <DateFields words={lexicon.words} value={{ ...node, attribute: node.attribute ?? "" }} errors={errors} disabled={disabled} onChange={(value) => { put(value, "date"); }} />
      <p className="ht-secondary">{t("wait.dateHint")}</p>
    </>
  );
}

export function WaitEventForm({ node, put, errors, disabled, lexicon }: StepFormProps<WaitEventNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const events = node.events ?? [];
  const change = (index: number, event: Awaited, field?: string) => { put({ ...node, events: events.toSpliced(index, 1, event) }, field); };
  return (
    <>
      {errorAt(errors, "events") ? <p className="ht-field-error">{errorAt(errors, "events")}</p> : null}
      {events.map((event, index) => (
        <fieldset key={event.id} className="ht-jf-item">
          <legend>{t("wait.eventNumber", { number: index + 1 })}</legend>
          {lexicon.words ? (
            <EventFields
              words={lexicon.words}
              label={t("wait.event")}
              value={{ event: event.event, where: event.where ?? [] }}
              errors={under(errors, `events.${index}`)}
              disabled={disabled}
              onChange={({ event: name, where = [] }) => { change(index, { ...event, event: name, where }, `events/${event.id}`); }}
            />
          ) : null}
          <Checkbox disabled={disabled} checked={event.to_them ?? false} onChange={({ target }) => { change(index, { ...event, to_them: target.checked }); }}>{t("wait.toThem")}</Checkbox>
          {disabled || events.length < 2 ? null : (
            <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} onClick={() => { put({ ...node, events: events.toSpliced(index, 1) }); }}>{t("wait.removeEvent", { number: index + 1 })}</Button>
          )}
        </fieldset>
      ))}
      {disabled || events.length >= BRANCHES_MAX ? null : <Button icon={<PlusOutlined aria-hidden />} onClick={() => { put({ ...node, events: [...events, { id: newId(), event: "" }] }); }}>{t("wait.addEvent")}</Button>}
      <Labelled label={t("wait.timeout")} error={errorAt(errors, "timeout_seconds")} hint={t("wait.timeoutHint")}>
        {(control) => <DurationInput {...control} label={t("wait.timeout")} value={node.timeout_seconds ?? 86_400} most={WAIT_SECONDS_MAX} disabled={disabled} onChange={(seconds) => { put({ ...node, timeout_seconds: seconds ?? 0 }, "timeout_seconds"); }} />}
      </Labelled>
    </>
  );
}
