/** What sets it off: something that happens, a segment entered or left, a time, a day of somebody's, or a hand. */
import { Radio, Skeleton } from "antd";
import { useId, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { ErrorState } from "../../kit/ErrorState";
import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import type { Words } from "../../segments/editor/vocabulary";
import { DateFields } from "./DateFields";
import { errorAt, errorIn, NO_ERRORS, under, type Errors } from "./errors";
import { EventFields } from "./EventFields";
import { Labelled } from "./Labelled";
import { NextDates } from "./NextDates";
import { TimingFields } from "./TimingFields";
import { newTrigger, RULE_TRIGGERS, type EventTrigger, type ScheduleTrigger, type SegmentTrigger, type Trigger, type TriggerKind } from "./trigger";
import { useWords } from "./useWords";
import "../../members/members.css";
import "./shared.css";

interface TriggerEditorProps {
  value: Trigger;
  onChange: (trigger: Trigger) => void;
  kinds?: readonly TriggerKind[];
  /** As seen from the trigger: `event`, `where.0.value`, `timing.time`. */
  errors?: Errors;
  disabled?: boolean;
  /** Of schedules that are begun here; the workspace's unless another is said. */
  zone?: string;
}

interface FieldsProps<Of> {
  words: Words;
  value: Of;
  onChange: (trigger: Trigger) => void;
  errors: Errors;
  disabled: boolean;
}

function EventTriggerFields({ words, value, onChange, errors, disabled }: FieldsProps<EventTrigger>) {
  const { t } = useTranslation(["automation", "common"]);
  const { groups = [] } = value;
  const communities = new Map(words.vocabulary.communities.map(({ id, name }) => [id, name]));
  const options = words.vocabulary.groups.map(({ id, name, community_id }) => ({ value: id, label: plainText(communities.size > 1 ? `${communities.get(community_id) ?? ""} / ${name}` : name) }));
  return (
    <>
      <EventFields words={words} value={value} label={t("trigger.event")} errors={errors} disabled={disabled} onChange={(step) => { onChange({ kind: "event", ...step, ...(groups.length > 0 ? { groups } : {}) }); }} />
      <Labelled label={t("trigger.groups")} error={errorIn(errors, "groups")}>
        {(control) => (
          <Select
            {...control}
            className="ht-wide"
            mode="multiple"
            allowClear
            disabled={disabled}
            value={groups}
            placeholder={t("trigger.anywhere")}
            showSearch={{ optionFilterProp: "label" }}
            options={options}
            onChange={(next: string[]) => { onChange({ ...value, groups: next }); }}
          />
        )}
      </Labelled>
    </>
  );
}

interface SegmentSelectProps {
  words: Words;
  label: string;
  value: string;
  onChange: (id: string) => void;
  error: string | undefined;
  disabled: boolean;
  /** What stands first and means no segment. */
  everybody?: string;
}

function SegmentSelect({ words, label, value, onChange, error, disabled, everybody }: SegmentSelectProps) {
  const { t } = useTranslation(["automation", "common"]);
  const options = words.vocabulary.segments.map(({ id, name }) => ({ value: id, label: plainText(name) }));
  if (value !== "" && !options.some((one) => one.value === value)) options.unshift({ value, label: t("trigger.segmentGone") });
  return (
    <Labelled label={label} error={error}>
      {(control) => (
        <Select
          {...control}
          className="ht-wide"
          disabled={disabled}
          placeholder={t("trigger.segmentHint")}
          value={value === "" && everybody === undefined ? null : value}
          showSearch={{ optionFilterProp: "label" }}
          options={everybody === undefined ? options : [{ value: "", label: everybody }, ...options]}
          onChange={(next: string | null) => { if (next !== null) onChange(next); }}
        />
      )}
    </Labelled>
  );
}

function SegmentTriggerFields({ words, value, onChange, errors, disabled }: FieldsProps<SegmentTrigger>) {
  const { t } = useTranslation(["automation", "common"]);
  return (
    <>
      <Labelled label={t("trigger.way")} error={errorAt(errors, "way")} group>
        {() => <Radio.Group disabled={disabled} value={value.way ?? "entered"} options={(["entered", "left"] as const).map((one) => ({ value: one, label: t(`trigger.ways.${one}`) }))} onChange={(event) => { onChange({ ...value, way: event.target.value as "entered" | "left" }); }} />}
      </Labelled>
      <SegmentSelect words={words} label={t("trigger.segment")} value={value.segment} error={errorAt(errors, "segment")} disabled={disabled} onChange={(segment) => { onChange({ ...value, segment }); }} />
    </>
  );
}

function ScheduleFields({ words, value, onChange, errors, disabled }: FieldsProps<ScheduleTrigger>) {
  const { t } = useTranslation(["automation", "common"]);
  return (
    <>
      <TimingFields value={value.timing} errors={under(errors, "timing")} disabled={disabled} onChange={(timing) => { onChange({ ...value, timing }); }} />
      <SegmentSelect
        words={words}
        label={t("trigger.forWhom")}
        value={value.segment ?? ""}
        everybody={t("trigger.everybody")}
        error={errorAt(errors, "segment")}
        disabled={disabled}
        onChange={(segment) => { onChange({ ...value, segment: segment === "" ? null : segment }); }}
      />
      <NextDates trigger={value} />
    </>
  );
}

function Fields({ words, value, onChange, errors, disabled }: FieldsProps<Trigger>) {
  const { t } = useTranslation(["automation", "common"]);
  const given = { words, onChange, errors, disabled };
  switch (value.kind) {
    case "event":
      return <EventTriggerFields {...given} value={value} />;
    case "segment":
      return <SegmentTriggerFields {...given} value={value} />;
    case "schedule":
      return <ScheduleFields {...given} value={value} />;
    case "date":
      return <DateFields words={words} value={value} onChange={onChange} errors={errors} disabled={disabled} />;
    case "manual":
      return <p className="ht-secondary">{t("trigger.manualHint")}</p>;
  }
}

export function TriggerEditor({ value, onChange, kinds = RULE_TRIGGERS, errors = NO_ERRORS, disabled = false, zone }: TriggerEditorProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { workspace } = useSession();
  const id = useId();
  const { words, error, retry } = useWords();
  // What was filled in for one kind is there again when it is chosen again.
  const before = useRef(new Map<TriggerKind, Trigger>());
  const whole = errorAt(errors, "") ?? errorAt(errors, "kind");
  return (
    <div className="ht-auto-form">
      <div role="group" aria-labelledby={`${id}-kind`}>
        <span id={`${id}-kind`} className="ht-visually-hidden">{t("trigger.kind")}</span>
        <Radio.Group
          className="ht-auto-kinds"
          disabled={disabled}
          value={value.kind}
          options={kinds.map((one) => ({ value: one, label: t(`trigger.kinds.${one}`) }))}
          onChange={(event) => {
            const kind = event.target.value as TriggerKind;
            before.current.set(value.kind, value);
            onChange(before.current.get(kind) ?? newTrigger(kind, zone ?? workspace.time_zone));
          }}
        />
        {whole ? <p className="ht-field-error">{whole}</p> : null}
      </div>
      {words ? <Fields words={words} value={value} onChange={onChange} errors={errors} disabled={disabled} /> : error ? <ErrorState error={error} onRetry={retry} compact /> : <Skeleton active title={false} paragraph={{ rows: 2 }} />}
    </div>
  );
}
