/** A way to the members who are at a stage, in a band or in a cell. */
import { Link } from "@tanstack/react-router";
import type { CSSProperties, ReactNode } from "react";

interface AmongLinkProps {
  /** Such as `stage:<community>:activity:new`. */
  among: string;
  label?: string;
  className?: string;
  style?: CSSProperties;
  children: ReactNode;
}

export function AmongLink({ among, label, className, style, children }: AmongLinkProps) {
  return (
    <Link
      to="/members"
      search={{ among: [among] } as never}
      {...(label ? { "aria-label": label } : {})}
      {...(className ? { className } : {})}
      {...(style ? { style } : {})}
    >
      {children}
    </Link>
  );
}
