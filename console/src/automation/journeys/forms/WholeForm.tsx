/** What holds for the whole journey: where it is, who leaves it wherever they are, and that nobody is written to in their quiet hours. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Switch } from "antd";
import { useTranslation } from "react-i18next";

import { useSession } from "../../../app/session";
import { plainText } from "../../../kit/safeText";
import { Select } from "../../../kit/Select";
import { ConditionField } from "../../shared/ConditionField";
import { errorAt, under, type Errors } from "../../shared/errors";
import { EventFields } from "../../shared/EventFields";
import { Labelled } from "../../shared/Labelled";
import type { Drawing, Rules } from "../graph";
import type { Lexicon } from "../words";

const EXIT_EVENTS_MAX = 20;
const EVERYWHERE = "";

interface WholeFormProps {
  drawing: Drawing;
  lexicon: Lexicon;
  onRules: (rules: Rules, field?: string) => void;
  onCommunity: (community: string | null) => void;
  errors: Errors;
  attention: number;
  disabled: boolean;
}

export function WholeForm({ drawing, lexicon, onRules, onCommunity, errors, attention, disabled }: WholeFormProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const { communities } = useSession();
  const { rules } = drawing;
  const events = rules.exit_events ?? [];
  const own = under(errors, "rules");
  const general = errors.filter(({ field }) => !field.startsWith("rules") && field !== "community");
  return (
    <>
      {general.length > 0 ? <ul className="ht-jf-general">{general.map(({ field, message }) => <li key={`${field} ${message}`} className="ht-field-error">{message}</li>)}</ul> : null}
      <Labelled label={t("whole.community")} error={errorAt(errors, "community")} hint={t("whole.communityHint")}>
        {(control) => (
          <Select
            {...control}
            className="ht-wide"
            disabled={disabled}
            value={drawing.community ?? EVERYWHERE}
            options={[{ value: EVERYWHERE, label: t("whole.everywhere") }, ...communities.map(({ id, name }) => ({ value: id, label: plainText(name) }))]}
            onChange={(next: string) => { onCommunity(next === EVERYWHERE ? null : next); }}
          />
        )}
      </Labelled>
      <section aria-label={t("whole.exitCondition")}>
        <h3>{t("whole.exitCondition")}</h3>
        <p className="ht-secondary">{t("whole.exitConditionHint")}</p>
        <ConditionField value={rules.exit_condition ?? null} onChange={(exit_condition) => { onRules({ ...rules, exit_condition }, "exit_condition"); }} errors={under(own, "exit_condition")} attention={attention} disabled={disabled} />
      </section>
      <section aria-label={t("whole.exitEvents")}>
        <h3>{t("whole.exitEvents")}</h3>
        {events.map((event, index) => (
          <fieldset key={index} className="ht-jf-item">
            <legend>{t("wait.eventNumber", { number: index + 1 })}</legend>
            {lexicon.words ? <EventFields words={lexicon.words} label={t("wait.event")} value={{ event: event.event, where: event.where ?? [] }} errors={under(own, `exit_events.${index}`)} disabled={disabled} onChange={(next) => { onRules({ ...rules, exit_events: events.toSpliced(index, 1, next) }, `exit_events/${index}`); }} /> : null}
            {disabled ? null : <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} onClick={() => { onRules({ ...rules, exit_events: events.toSpliced(index, 1) }); }}>{t("wait.removeEvent", { number: index + 1 })}</Button>}
          </fieldset>
        ))}
        {disabled || events.length >= EXIT_EVENTS_MAX ? null : <Button icon={<PlusOutlined aria-hidden />} onClick={() => { onRules({ ...rules, exit_events: [...events, { event: "" }] }); }}>{t("whole.addExitEvent")}</Button>}
      </section>
      <Labelled label={t("whole.quiet")} hint={t("whole.quietHint")}>
        {({ id }) => <Switch id={id} disabled={disabled} checked={rules.keeps_quiet ?? true} onChange={(keeps_quiet) => { onRules({ ...rules, keeps_quiet }); }} />}
      </Labelled>
    </>
  );
}
