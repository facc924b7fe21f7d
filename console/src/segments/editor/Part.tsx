/** One control of a row, where the server can point to it and the focus can be sent. */
import type { ReactNode } from "react";

import { useControl } from "./context";

type ControlProps = Omit<ReturnType<typeof useControl>, "data-part">;

interface PartProps {
  /** As the server names it: `value`, `window/days`. */
  at: string;
  label: string;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

export function Part({ at, label, className, children }: PartProps) {
  const { "data-part": part, ...control } = useControl(at, label);
  return (
    <span className={className ? `ht-ce-part ${className}` : "ht-ce-part"} data-part={part}>
      {children(control)}
    </span>
  );
}
