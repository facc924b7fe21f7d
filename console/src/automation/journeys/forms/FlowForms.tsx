/** What keeps the flow in order, what it is for, and what is done in it. */
import { Button, InputNumber, Radio, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../../kit/ErrorState";
import { Select } from "../../../kit/Select";
import { ActionForm } from "../../shared/ActionForm";
import { ActionPicker } from "../../shared/ActionPicker";
import { errorAt, under } from "../../shared/errors";
import { EventFields } from "../../shared/EventFields";
import { Labelled } from "../../shared/Labelled";
import { useActions } from "../../shared/queries";
import { newSettings } from "../../shared/settings";
import { takesPeople, type ActionNode, type GoalNode, type GoToNode, type LimitNode } from "../graph";
import { titleOf } from "../words";
import { eventBefore, type StepFormProps } from "./form";

const PER = ["minute", "hour", "day"] as const;
const PEOPLE_MAX = 1_000_000;
const WITHIN_DAYS_MAX = 366;

export function LimitForm({ node, put, errors, disabled }: StepFormProps<LimitNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  return (
    <>
      <Labelled label={t("limit.people")} error={errorAt(errors, "people")}>
        {(control) => <InputNumber {...control} min={1} max={PEOPLE_MAX} precision={0} disabled={disabled} value={node.people ?? 100} onChange={(people) => { put({ ...node, people: people ?? 1 }, "people"); }} />}
      </Labelled>
      <Labelled label={t("limit.per")} error={errorAt(errors, "per")} group>
        {() => <Radio.Group disabled={disabled} value={node.per ?? "hour"} options={PER.map((one) => ({ value: one, label: t(`limit.each.${one}`) }))} onChange={(event) => { put({ ...node, per: event.target.value as (typeof PER)[number] }); }} />}
      </Labelled>
      <p className="ht-secondary">{t("limit.hint")}</p>
    </>
  );
}

export function GoToForm({ node, put, errors, disabled, drawing, lexicon }: StepFormProps<GoToNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const options = drawing.nodes.filter((one) => one.id !== node.id && takesPeople(one)).map((one) => ({ value: one.id, label: titleOf(one, lexicon) }));
  return (
    <Labelled label={t("goTo.node")} error={errorAt(errors, "node")} hint={t("goTo.hint")}>
      {(control) => <Select {...control} className="ht-wide" disabled={disabled} placeholder={t("goTo.choose")} value={node.node ? node.node : null} options={options} showSearch={{ optionFilterProp: "label" }} onChange={(next: string | null) => { put({ ...node, node: next ?? "" }); }} />}
    </Labelled>
  );
}

export function GoalForm({ node, put, errors, disabled, lexicon }: StepFormProps<GoalNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const byEvent = (node.event ?? "") !== "";
  const [choosing, setChoosing] = useState(byEvent);
  return (
    <>
      <Labelled label={t("goal.how")} group>
        {() => (
          <Radio.Group
            className="ht-jf-radios"
            disabled={disabled}
            value={choosing ? "event" : "here"}
            options={(["event", "here"] as const).map((one) => ({ value: one, label: t(`goal.by.${one}`) }))}
            onChange={(event) => {
              setChoosing(event.target.value === "event");
              if (event.target.value === "here") put({ ...node, event: "", where: [] });
            }}
          />
        )}
      </Labelled>
      {choosing && lexicon.words ? (
        <>
          <EventFields words={lexicon.words} label={t("goal.event")} value={{ event: node.event ?? "", where: node.where ?? [] }} errors={errors} disabled={disabled} onChange={({ event, where = [] }) => { put({ ...node, event, where }, "event"); }} />
          <Labelled label={t("goal.within")} error={errorAt(errors, "within_days")}>
            {(control) => <InputNumber {...control} min={1} max={WITHIN_DAYS_MAX} precision={0} suffix={t("goal.days")} disabled={disabled} value={node.within_days ?? 30} onChange={(days) => { put({ ...node, within_days: days ?? 1 }, "within_days"); }} />}
          </Labelled>
        </>
      ) : null}
      <Labelled label={t("goal.ends")} hint={t("goal.endsHint")} error={errorAt(errors, "ends")}>
        {({ id }) => <Switch id={id} disabled={disabled} checked={node.ends ?? true} onChange={(ends) => { put({ ...node, ends }); }} />}
      </Labelled>
    </>
  );
}

export function ActionNodeForm({ node, put, errors, disabled, drawing }: StepFormProps<ActionNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const { data, error, refetch } = useActions();
  const [changing, setChanging] = useState(false);
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : null;
  const action = data.items.find(({ name }) => name === node.action);
  if (!action || changing)
    return (
      <>
        {node.action && !action ? <p className="ht-field-error">{t("action.gone")}</p> : null}
        {errorAt(errors, "action") ? <p className="ht-field-error">{errorAt(errors, "action")}</p> : null}
        {disabled ? null : (
          <ActionPicker
            onPick={(picked) => {
              put(picked.name === node.action ? node : { ...node, action: picked.name, settings: { ...newSettings(picked) } });
              setChanging(false);
            }}
          />
        )}
      </>
    );
  return (
    <>
      {errorAt(errors, "action") ? <p className="ht-field-error">{errorAt(errors, "action")}</p> : null}
      <ActionForm action={action} settings={node.settings ?? {}} errors={under(errors, "settings")} disabled={disabled} event={eventBefore(drawing, node.id) || undefined} onChange={(settings) => { put({ ...node, settings: { ...settings } }, "settings"); }} />
      {disabled ? null : <div><Button type="link" size="small" onClick={() => { setChanging(true); }}>{t("action.other")}</Button></div>}
    </>
  );
}
