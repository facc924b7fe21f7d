/** The operator of a test, in the words of its type. */
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { useEditing } from "./context";
import type { CountOperator, OperatorName, ValueType } from "./language";
import { countOperators, operatorsOf } from "./leaf";
import { Part } from "./Part";

interface OperatorProps {
  at: string;
  type: ValueType;
  op: string;
  onChange: (op: string) => void;
  allowEmpty?: boolean;
}

export function Operator({ at, type, op, onChange, allowEmpty = true }: OperatorProps) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled } = useEditing();
  const known = operatorsOf(type, allowEmpty);
  return (
    <Part at={at} label={t("editor.operator")} className="ht-ce-operator">
      {(control) => (
        <Select
          {...control}
          disabled={disabled}
          value={op}
          popupMatchSelectWidth={false}
          // One that does not fit stays to be seen, and to be changed.
          options={[...(known.includes(op) ? [] : [op]), ...known].map((one) => ({ value: one, label: known.includes(one) ? t(`editor.op.${`${type}.${one}` as OperatorName}`) : one }))}
          onChange={onChange}
        />
      )}
    </Part>
  );
}

export function CountOperatorSelect({ at, op, onChange }: { at: string; op: string; onChange: (op: string) => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled } = useEditing();
  return (
    <Part at={at} label={t("editor.operator")} className="ht-ce-operator">
      {(control) => (
        <Select
          {...control}
          disabled={disabled}
          value={op}
          popupMatchSelectWidth={false}
          options={countOperators.map((one: CountOperator) => ({ value: one, label: t(`editor.count.${one}`) }))}
          onChange={onChange}
        />
      )}
    </Part>
  );
}
