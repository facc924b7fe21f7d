/** One choice of a view, with its name before it. */
import { Segmented } from "antd";
import { useId } from "react";

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <span className="ht-choice">
      <span className="ht-secondary" id={id}>{label}</span>
      <Segmented<Value> aria-labelledby={id} value={value} options={[...options]} onChange={onChange} />
    </span>
  );
}
