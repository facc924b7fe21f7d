/** Choosing something of the workspace by its name: a segment, a colleague, accounts, groups. */
import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { useAccounts } from "../../channels/queries";
import { plainText } from "../../kit/safeText";
import { SafeText } from "../../kit/SafeText";
import { Select } from "../../kit/Select";
import { moved } from "../../messages/parts";
import { useTodoStaff } from "../../todos/queries";
import type { Control } from "./Labelled";
import { accountsFor } from "./settings";
import type { Field } from "./types";
import { useWords } from "./useWords";

export interface ChoiceProps {
  control: Control;
  value: string | null;
  onChange: (id: string | undefined) => void;
  disabled: boolean;
}

interface Option {
  value: string;
  label: string;
}

/** What was chosen and is there no longer stays visible, so that it can be changed. */
function useWithGone(options: readonly Option[], value: readonly string[], isKnown: boolean): Option[] {
  const { t } = useTranslation(["automation", "common"]);
  const gone = isKnown ? value.filter((one) => !options.some((option) => option.value === one)) : [];
  return [...gone.map((one) => ({ value: one, label: t("field.gone") })), ...options];
}

function One({ control, value, onChange, disabled, options, isKnown, placeholder, optional = false, none }: ChoiceProps & { options: readonly Option[]; isKnown: boolean; placeholder: string; optional?: boolean; none?: string }) {
  const all = useWithGone(options, value === null ? [] : [value], isKnown);
  return (
    <Select
      {...control}
      className="ht-wide"
      disabled={disabled}
      allowClear={optional}
      loading={!isKnown}
      placeholder={placeholder}
      notFoundContent={none}
      showSearch={{ optionFilterProp: "label" }}
      value={value}
      options={all}
      onChange={(next: string | null | undefined) => { onChange(next ?? undefined); }}
    />
  );
}

/** Only those whose members are put in by hand: the others follow their condition. */
export function SegmentChoice(props: ChoiceProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { words } = useWords();
  const options = (words?.vocabulary.segments ?? []).filter(({ kind }) => kind === "static").map(({ id, name }) => ({ value: id, label: plainText(name) }));
  return <One {...props} options={options} isKnown={words !== null} placeholder={t("field.segmentHint")} none={t("field.segmentNone")} />;
}

export function StaffChoice({ optional, ...props }: ChoiceProps & { optional: boolean }) {
  const { t } = useTranslation(["automation", "common"]);
  const { data } = useTodoStaff();
  const options = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: plainText(name) }));
  return <One {...props} options={options} isKnown={data !== undefined} optional={optional} placeholder={t(optional ? "field.staffAny" : "field.staffHint")} />;
}

interface SeveralProps {
  control: Control;
  value: readonly string[];
  onChange: (ids: string[]) => void;
  disabled: boolean;
}

export function GroupChoice({ control, value, onChange, disabled }: SeveralProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { words } = useWords();
  const communities = new Map(words?.vocabulary.communities.map(({ id, name }) => [id, name]));
  const options = (words?.vocabulary.groups ?? []).map(({ id, name, community_id }) => ({ value: id, label: plainText(communities.size > 1 ? `${communities.get(community_id) ?? ""} / ${name}` : name) }));
  const all = useWithGone(options, value, words !== null);
  return <Select {...control} className="ht-wide" mode="multiple" disabled={disabled} loading={words === null} placeholder={t("field.groupsHint")} showSearch={{ optionFilterProp: "label" }} value={[...value]} options={all} onChange={(next: string[]) => { onChange(next); }} />;
}

/** Only those that can send what the field is for. Several are tried in the order in which they stand. */
export function AccountChoice({ control, label, several, value, onChange, disabled, field }: SeveralProps & { label: string; several: boolean; field: Field }) {
  const { t } = useTranslation(["automation", "common"]);
  const { data } = useAccounts(true);
  const options = accountsFor(field, data?.items ?? []).map(({ id, name }) => ({ value: id, label: plainText(name) }));
  const all = useWithGone(options, value, data !== undefined);
  if (!several)
    return <One control={control} value={value[0] ?? null} onChange={(id) => { onChange(id === undefined ? [] : [id]); }} disabled={disabled} options={options} isKnown={data !== undefined} placeholder={t("field.accountHint")} none={t("field.accountNone")} />;
  const nameOf = (id: string) => all.find((one) => one.value === id)?.label ?? "";
  return (
    <div className="ht-auto-form">
      {value.length > 0 ? (
        <ol className="ht-auto-order" aria-label={label}>
          {value.map((id, index) => (
            <li key={id}>
              <SafeText text={nameOf(id)} clip />
              <span>
                <Button type="text" size="small" icon={<ArrowUpOutlined />} disabled={disabled || index === 0} aria-label={t("field.earlier", { name: nameOf(id) })} onClick={() => { onChange(moved(value, index, index - 1)); }} />
                <Button type="text" size="small" icon={<ArrowDownOutlined />} disabled={disabled || index === value.length - 1} aria-label={t("field.later", { name: nameOf(id) })} onClick={() => { onChange(moved(value, index, index + 1)); }} />
                <Button type="text" size="small" icon={<CloseOutlined />} disabled={disabled} aria-label={t("field.leaveOut", { name: nameOf(id) })} onClick={() => { onChange(value.filter((one) => one !== id)); }} />
              </span>
            </li>
          ))}
        </ol>
      ) : null}
      <Select
        {...control}
        className="ht-wide"
        disabled={disabled}
        placeholder={t(value.length > 0 ? "field.accountAnother" : "field.accountAny")}
        showSearch={{ optionFilterProp: "label" }}
        value={null}
        options={options.filter((one) => !value.includes(one.value))}
        notFoundContent={t("field.accountNone")}
        onChange={(next: string | null) => { if (next !== null) onChange([...value, next]); }}
      />
    </div>
  );
}
