/** One field of a form: its label above, what is wrong and what helps below, told to whoever cannot see it too. */
import { useId, type ReactNode } from "react";

export interface Control {
  id: string;
  status?: "error";
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
}

interface LabelledProps {
  label: string;
  error?: string | undefined;
  hint?: string | undefined;
  /** Said behind the label of what may be left empty. */
  note?: string | undefined;
  /** Several controls under one label. */
  group?: boolean;
  children: (control: Control) => ReactNode;
}

export function Labelled({ label, error, hint, note, group = false, children }: LabelledProps) {
  const id = useId();
  const told = [error ? `${id}-error` : "", hint ? `${id}-hint` : ""].filter((one) => one !== "").join(" ");
  const control = { id, ...(error ? { status: "error" as const, "aria-invalid": true } : {}), ...(told === "" ? {} : { "aria-describedby": told }) };
  const name = (
    <>
      {label}
      {note ? <span className="ht-auto-note"> {note}</span> : null}
    </>
  );
  return (
    <div className="ht-auto-field" data-field-error={error ? true : undefined} {...(group ? { role: "group", "aria-labelledby": `${id}-label`, ...(told === "" ? {} : { "aria-describedby": told }) } : {})}>
      {group ? <span id={`${id}-label`} className="ht-field-label">{name}</span> : <label htmlFor={id} className="ht-field-label">{name}</label>}
      {children(control)}
      {error ? <p id={`${id}-error`} className="ht-field-error">{error}</p> : null}
      {hint ? <p id={`${id}-hint`} className="ht-secondary ht-auto-hint">{hint}</p> : null}
    </div>
  );
}
