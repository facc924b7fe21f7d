/** A labelled field with what it means and what the server said about it. */
import { useId, type ReactNode } from "react";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  said?: string | undefined;
  /** Gets the id that the label points at, and the label for a list that opens apart from the field. */
  children: (id: string, label: string) => ReactNode;
}

export function Field({ label, hint, said, children }: FieldProps) {
  const id = useId();
  return (
    <div className="ht-field">
      <label htmlFor={id}>{label}</label>
      {children(id, label)}
      {said ? (
        <p className="ht-field-said" role="alert">
          {said}
        </p>
      ) : null}
      {hint ? <p className="ht-secondary">{hint}</p> : null}
    </div>
  );
}
