/** Where ways part: by a condition, by what an event says, by chance. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

import { moved } from "../../../messages/parts";
import { ConditionField } from "../../shared/ConditionField";
import { errorAt, under } from "../../shared/errors";
import { WhereFields } from "../../shared/EventFields";
import { Labelled } from "../../shared/Labelled";
import { BRANCHES_MAX, NAME_LENGTH_MAX, newId, type BranchNode, type EventBranchNode, type SplitNode } from "../graph";
import { armName } from "../words";
import { eventBefore, type StepFormProps } from "./form";

interface OrderProps {
  index: number;
  count: number;
  name: string;
  disabled: boolean;
  onMove: (to: number) => void;
  onRemove: (() => void) | null;
}

/** Earlier, later, away: the order of cases is the order in which they are asked. */
function Order({ index, count, name, disabled, onMove, onRemove }: OrderProps) {
  const { t } = useTranslation(["journeys", "common"]);
  if (disabled) return null;
  return (
    <span className="ht-jf-order">
      <Button type="text" size="small" icon={<ArrowUpOutlined />} disabled={index === 0} aria-label={t("turn.earlier", { name })} onClick={() => { onMove(index - 1); }} />
      <Button type="text" size="small" icon={<ArrowDownOutlined />} disabled={index === count - 1} aria-label={t("turn.later", { name })} onClick={() => { onMove(index + 1); }} />
      {onRemove ? <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("turn.remove", { name })} onClick={onRemove} /> : null}
    </span>
  );
}

interface CaseNameProps {
  index: number;
  value: string | undefined;
  onChange: (name: string) => void;
  disabled: boolean;
}

function CaseName({ index, value, onChange, disabled }: CaseNameProps) {
  const { t } = useTranslation(["journeys", "common"]);
  return (
    <Labelled label={t("turn.name")}>
      {(control) => <Input {...control} maxLength={NAME_LENGTH_MAX} disabled={disabled} placeholder={t("port.case", { number: index + 1 })} value={value ?? ""} onChange={(event) => { onChange(event.target.value); }} />}
    </Labelled>
  );
}

export function BranchForm({ node, put, errors, attention, disabled }: StepFormProps<BranchNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const cases = node.cases ?? [];
  return (
    <>
      {errorAt(errors, "cases") ? <p className="ht-field-error">{errorAt(errors, "cases")}</p> : null}
      {cases.map((one, index) => {
        const name = one.name || t("port.case", { number: index + 1 });
        return (
          <fieldset key={one.id} className="ht-jf-item">
            <legend>{name}</legend>
            <Order index={index} count={cases.length} name={name} disabled={disabled} onMove={(to) => { put({ ...node, cases: moved(cases, index, to) }); }} onRemove={cases.length > 1 ? () => { put({ ...node, cases: cases.toSpliced(index, 1) }); } : null} />
            <CaseName index={index} value={one.name} disabled={disabled} onChange={(next) => { put({ ...node, cases: cases.toSpliced(index, 1, { ...one, name: next }) }, `cases/${one.id}/name`); }} />
            <ConditionField required value={one.condition ?? null} errors={under(errors, `cases.${index}.condition`)} attention={attention} disabled={disabled} onChange={(condition) => { put({ ...node, cases: cases.toSpliced(index, 1, { ...one, condition }) }, `cases/${one.id}`); }} />
          </fieldset>
        );
      })}
      {disabled || cases.length >= BRANCHES_MAX ? null : <Button icon={<PlusOutlined aria-hidden />} onClick={() => { put({ ...node, cases: [...cases, { id: newId(), condition: null }] }); }}>{t("turn.addCase")}</Button>}
      <p className="ht-secondary">{t("turn.otherwise")}</p>
    </>
  );
}

export function EventBranchForm({ node, put, errors, disabled, drawing, lexicon }: StepFormProps<EventBranchNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const cases = node.cases ?? [];
  const event = eventBefore(drawing, node.id);
  return (
    <>
      <p className="ht-secondary">{t("turn.eventHint")}</p>
      {errorAt(errors, "cases") ? <p className="ht-field-error">{errorAt(errors, "cases")}</p> : null}
      {cases.map((one, index) => {
        const name = one.name || t("port.case", { number: index + 1 });
        return (
          <fieldset key={one.id} className="ht-jf-item">
            <legend>{name}</legend>
            <Order index={index} count={cases.length} name={name} disabled={disabled} onMove={(to) => { put({ ...node, cases: moved(cases, index, to) }); }} onRemove={cases.length > 1 ? () => { put({ ...node, cases: cases.toSpliced(index, 1) }); } : null} />
            <CaseName index={index} value={one.name} disabled={disabled} onChange={(next) => { put({ ...node, cases: cases.toSpliced(index, 1, { ...one, name: next }) }, `cases/${one.id}/name`); }} />
            {lexicon.words ? <WhereFields words={lexicon.words} event={event} name={name} value={one.where ?? []} errors={under(errors, `cases.${index}`)} disabled={disabled} onChange={(where) => { put({ ...node, cases: cases.toSpliced(index, 1, { ...one, where }) }, `cases/${one.id}`); }} /> : null}
          </fieldset>
        );
      })}
      {disabled || cases.length >= BRANCHES_MAX ? null : <Button icon={<PlusOutlined aria-hidden />} onClick={() => { put({ ...node, cases: [...cases, { id: newId(), where: [] }] }); }}>{t("turn.addCase")}</Button>}
      <p className="ht-secondary">{t("turn.otherwise")}</p>
    </>
  );
}

const WHOLE = 100;

/** Shares as even as whole numbers can be. */
export const evenWeights = (count: number): number[] => Array.from({ length: count }, (_, index) => Math.floor(WHOLE / count) + (index < WHOLE % count ? 1 : 0));

export function SplitForm({ node, put, errors, disabled, lexicon }: StepFormProps<SplitNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const arms = node.arms ?? [];
  const total = arms.reduce((sum, { weight }) => sum + (weight ?? 50), 0);
  return (
    <>
      {arms.map((arm, index) => {
        const name = armName(arm, index, lexicon);
        const change = (next: Partial<typeof arm>, field?: string) => { put({ ...node, arms: arms.toSpliced(index, 1, { ...arm, ...next }) }, field === undefined ? undefined : `arms/${arm.id}/${field}`); };
        const own = under(errors, `arms.${index}`);
        return (
          <fieldset key={arm.id} className="ht-jf-item">
            <legend>{name}</legend>
            <Order index={index} count={arms.length} name={name} disabled={disabled} onMove={(to) => { put({ ...node, arms: moved(arms, index, to) }); }} onRemove={arms.length > 2 ? () => { put({ ...node, arms: arms.toSpliced(index, 1) }); } : null} />
            <div className="ht-jf-arm">
              <Labelled label={t("turn.name")} error={errorAt(own, "name")}>
                {(control) => <Input {...control} maxLength={NAME_LENGTH_MAX} disabled={disabled} placeholder={name} value={arm.name ?? ""} onChange={(event) => { change({ name: event.target.value }, "name"); }} />}
              </Labelled>
              <Labelled label={t("split.weight")} error={errorAt(own, "weight")}>
                {(control) => <InputNumber {...control} min={0} max={WHOLE} precision={0} suffix="%" disabled={disabled} value={arm.weight ?? 50} onChange={(weight) => { change({ weight: weight ?? 0 }, "weight"); }} />}
              </Labelled>
            </div>
            <Checkbox disabled={disabled} checked={arm.is_holdout ?? false} onChange={(event) => { change({ is_holdout: event.target.checked }); }}>{t("split.holdout")}</Checkbox>
          </fieldset>
        );
      })}
      <p className={total === WHOLE ? "ht-jf-total" : "ht-jf-total ht-field-error"} role="status">{t(total === WHOLE ? "split.total" : "split.totalWrong", { shown: total })}</p>
      {errorAt(errors, "arms") ? <p className="ht-field-error">{errorAt(errors, "arms")}</p> : null}
      {disabled ? null : (
        <div className="ht-jf-actions">
          {arms.length >= BRANCHES_MAX ? null : <Button icon={<PlusOutlined aria-hidden />} onClick={() => { put({ ...node, arms: [...arms, { id: newId(), weight: Math.max(0, WHOLE - total) }] }); }}>{t("split.add")}</Button>}
          <Button onClick={() => { const even = evenWeights(arms.length); put({ ...node, arms: arms.map((arm, index) => ({ ...arm, weight: even[index] ?? 0 })) }); }}>{t("split.even")}</Button>
        </div>
      )}
      <p className="ht-secondary">{t("split.holdoutHint")}</p>
    </>
  );
}
