/** Who comes in, and whether they may come again. */
import { InputNumber, Radio } from "antd";
import { useTranslation } from "react-i18next";

import { ConditionField } from "../../shared/ConditionField";
import { errorAt, under } from "../../shared/errors";
import { Labelled } from "../../shared/Labelled";
import { JOURNEY_TRIGGERS } from "../../shared/trigger";
import { TriggerEditor } from "../../shared/TriggerEditor";
import type { EntryNode, Reentry } from "../graph";
import type { StepFormProps } from "./form";

const REENTRY = ["never", "after", "always"] as const;
const DAYS_MAX = 366;

export function EntryForm({ node, put, errors, attention, disabled }: StepFormProps<EntryNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const reentry = node.reentry ?? {};
  const kind = reentry.kind ?? "never";
  return (
    <>
      <section aria-label={t("entry.trigger")}>
        <h3>{t("entry.trigger")}</h3>
        <TriggerEditor value={node.trigger ?? { kind: "manual" }} onChange={(trigger) => { put({ ...node, trigger }, "trigger"); }} kinds={JOURNEY_TRIGGERS} errors={under(errors, "trigger")} disabled={disabled} />
      </section>
      <section aria-label={t("entry.condition")}>
        <h3>{t("entry.condition")}</h3>
        <ConditionField value={node.condition ?? null} onChange={(condition) => { put({ ...node, condition }, "condition"); }} errors={under(errors, "condition")} attention={attention} disabled={disabled} />
      </section>
      <section aria-label={t("entry.again")}>
        <h3>{t("entry.again")}</h3>
        <Labelled label={t("entry.again")} error={errorAt(errors, "reentry") ?? errorAt(errors, "reentry.days")} group>
          {() => (
            <Radio.Group
              className="ht-jf-radios"
              disabled={disabled}
              value={kind}
              options={REENTRY.map((one) => ({ value: one, label: t(`entry.reentry.${one}`) }))}
              onChange={(event) => {
                const next = event.target.value as NonNullable<Reentry["kind"]>;
                put({ ...node, reentry: next === "after" ? { kind: next, days: reentry.days || 30 } : { kind: next } });
              }}
            />
          )}
        </Labelled>
        {kind === "after" ? (
          <Labelled label={t("entry.days")}>
            {(control) => <InputNumber {...control} min={1} max={DAYS_MAX} precision={0} disabled={disabled} value={reentry.days ?? 30} onChange={(days) => { put({ ...node, reentry: { kind: "after", days: days ?? 1 } }, "reentry"); }} />}
          </Labelled>
        ) : null}
      </section>
    </>
  );
}
