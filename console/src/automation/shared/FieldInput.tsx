/** One field of an action, by its kind. Every kind has its input here; the server judges what was filled in. */
import { Input, InputNumber, Radio, Switch } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import dayjs from "dayjs";

import { useSession, useWorkspacePath } from "../../app/session";
import "../../format/dates"; // brings the zones
import { useLanguage } from "../../i18n/useLanguage";
import { AutoComplete } from "../../kit/AutoComplete";
import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { AttributeInput } from "../../members/AttributeInput";
import { attributeName } from "../../members/attributeValue";
import { useAttributes } from "../../members/queries";
import { InsertField } from "../../messages/InsertField";
import { MessageEditor } from "../../messages/MessageEditor";
import { newPart, type Part } from "../../messages/parts";
import { matches } from "../../segments/editor/search";
import { TagSelect } from "../../tags/TagSelect";
import { AccountChoice, GroupChoice, SegmentChoice, StaffChoice } from "./choices";
import { DurationInput } from "./DurationInput";
import { under, type Errors } from "./errors";
import { JourneyChoice } from "./JourneyChoice";
import type { Control } from "./Labelled";
import { PropertiesInput } from "./PropertiesInput";
import type { Field } from "./types";
import { useWords } from "./useWords";

const TEXT_LENGTH_MAX = 500;
const LONG_LENGTH_MAX = 5_000;
const RADIO_MAX = 3;

export interface FieldInputProps {
  field: Field;
  label: string;
  value: unknown;
  /** Of the attribute whose value this is, where it is one's. */
  attribute: string;
  onChange: (value: unknown) => void;
  control: Control;
  errors: Errors;
  disabled: boolean;
}

function TextInput({ field, label, value, onChange, control, disabled }: FieldInputProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { workspace_id } = useWorkspacePath();
  const area = useRef<TextAreaRef>(null);
  const text = typeof value === "string" ? value : "";
  const isLong = field.kind === "long_text";
  const { status, ...rest } = control;
  function insert(said: string) {
    const box = area.current?.resizableTextArea?.textArea;
    const [from, to] = box ? [box.selectionStart, box.selectionEnd] : [text.length, text.length];
    onChange(text.slice(0, from) + said + text.slice(to));
    window.requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(from + said.length, from + said.length);
    });
  }
  const common = { ...rest, ...(status ? { status } : {}), disabled, value: text, maxLength: isLong ? LONG_LENGTH_MAX : TEXT_LENGTH_MAX };
  if (!field.takes_fields && !isLong) return <Input {...common} onChange={(event) => { onChange(event.target.value); }} />;
  return (
    <>
      <Input.TextArea {...common} ref={area} autoSize={{ minRows: isLong ? 3 : 1, maxRows: 10 }} onChange={(event) => { onChange(event.target.value); }} />
      {field.takes_fields && !disabled ? <div className="ht-auto-insert"><InsertField workspaceId={workspace_id} label={t("field.into", { label })} onInsert={insert} /></div> : null}
    </>
  );
}

function ChoiceInput({ field, value, onChange, control, disabled }: FieldInputProps) {
  const language = useLanguage();
  const options = field.choices.map((one) => ({ value: one.value, label: one[language] }));
  const chosen = typeof value === "string" ? value : null;
  if (options.length <= RADIO_MAX) return <Radio.Group disabled={disabled} value={chosen} options={options} onChange={(event) => { onChange(event.target.value); }} />;
  return <Select {...control} className="ht-wide" disabled={disabled} value={chosen} options={options} onChange={onChange} />;
}

function AttributeChoice({ value, onChange, control, disabled }: FieldInputProps) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const { data, isPending } = useAttributes();
  const options = (data?.items ?? []).map((one) => ({ value: one.key, label: plainText(attributeName(one, language)) }));
  const chosen = typeof value === "string" && value !== "" ? value : null;
  if (chosen !== null && data && !options.some((one) => one.value === chosen)) options.unshift({ value: chosen, label: plainText(chosen) });
  return <Select {...control} className="ht-wide" disabled={disabled} loading={isPending} placeholder={t("field.attributeHint")} showSearch={{ optionFilterProp: "label" }} value={chosen} options={options} onChange={onChange} />;
}

function ValueOfAttribute({ label, value, attribute, onChange, control }: FieldInputProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { data } = useAttributes();
  const found = data?.items.find(({ key }) => key === attribute);
  if (!found) return <p className="ht-secondary">{t("field.attributeFirst")}</p>;
  return <AttributeInput key={attribute} id={control.id} type={found.type} options={found.options} value={value} onChange={onChange} label={label} />;
}

/** Events that are recorded here are new ones, or those that somebody added: what Hutong itself tells of is not offered. */
function EventInput({ value, onChange, control, disabled }: FieldInputProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { words } = useWords();
  const own = new Set(words?.vocabulary.events.filter(({ is_declared }) => !is_declared).map(({ name }) => name));
  const text = typeof value === "string" ? value : "";
  const options = (words?.eventOptions ?? []).filter((one) => own.has(one.value) && (text === "" || matches(one.search, text))).map((one) => ({ value: one.value, label: `${one.label} · ${one.value}` }));
  return <AutoComplete {...control} disabled={disabled} value={text} maxLength={200} placeholder={t("field.eventHint")} options={options} onChange={(next) => { onChange(next); }} />;
}

function MomentInput({ value, onChange, control, disabled }: FieldInputProps) {
  const { workspace } = useSession();
  const { status, ...rest } = control;
  const local = typeof value === "string" && value !== "" ? dayjs(value).tz(workspace.time_zone).format("YYYY-MM-DDTHH:mm") : "";
  return <Input {...rest} {...(status ? { status } : {})} type="datetime-local" disabled={disabled} value={local} onChange={(event) => { onChange(event.target.value === "" ? undefined : dayjs.tz(event.target.value, workspace.time_zone).toISOString()); }} />;
}

export function FieldInput(props: FieldInputProps) {
  const { field, label, value, onChange, control, errors, disabled } = props;
  const { workspace_id } = useWorkspacePath();
  const text = typeof value === "string" && value !== "" ? value : null;
  switch (field.kind) {
    case "text":
    case "long_text":
      return <TextInput {...props} />;
    case "number": {
      const { status, ...rest } = control;
      return <InputNumber {...rest} {...(status ? { status } : {})} disabled={disabled} value={typeof value === "number" ? value : null} onChange={(next) => { onChange(next ?? undefined); }} />;
    }
    case "boolean":
      return <Switch id={control.id} size="small" disabled={disabled} checked={value === true} onChange={onChange} />;
    case "choice":
      return <ChoiceInput {...props} />;
    case "duration":
      return <DurationInput {...control} label={label} disabled={disabled} value={typeof value === "number" ? value : null} onChange={(next) => { onChange(next ?? undefined); }} />;
    case "moment":
      return <MomentInput {...props} />;
    case "message":
      return <MessageEditor value={Array.isArray(value) ? (value as Part[]).map((part) => newPart(part.kind, part)) : []} onChange={onChange} workspaceId={workspace_id} errors={[...errors.filter((one) => one.field !== "").map((one) => ({ ...one, field: `parts.${one.field}` }))]} label={label} mentionsAll={field.mentions_all} />;
    case "properties":
      return <PropertiesInput value={value} onChange={onChange} label={label} takesFields={field.takes_fields} errors={under(errors.map((one) => ({ ...one, field: `of.${one.field}` })), "of")} disabled={disabled} />;
    case "tag":
      return <TagSelect {...control} label={label} value={text} onChange={onChange} disabled={disabled} />;
    case "attribute":
      return <AttributeChoice {...props} />;
    case "value":
      return <ValueOfAttribute {...props} />;
    case "segment":
      return <SegmentChoice control={control} value={text} onChange={onChange} disabled={disabled} />;
    case "journey":
      return <JourneyChoice control={control} value={text} onChange={onChange} disabled={disabled} />;
    case "staff":
      return <StaffChoice control={control} value={text} onChange={onChange} disabled={disabled} optional={!field.is_required} />;
    case "account":
      return <AccountChoice control={control} label={label} several={false} value={text === null ? [] : [text]} onChange={(ids) => { onChange(ids[0]); }} disabled={disabled} field={field} />;
    case "accounts":
      return <AccountChoice control={control} label={label} several value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} disabled={disabled} field={field} />;
    case "group":
      return <GroupChoice control={control} value={Array.isArray(value) ? value.map(String) : text === null ? [] : [text]} onChange={onChange} disabled={disabled} />;
    case "event":
      return <EventInput {...props} />;
  }
}
