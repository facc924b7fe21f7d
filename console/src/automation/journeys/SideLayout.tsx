/** A canvas that is only looked at, and what is said about it at the right; below it on phones. */
import type { ReactNode } from "react";

export function SideLayout({ canvas, side, label }: { canvas: ReactNode; side: ReactNode; label: string }) {
  return (
    <div className="ht-jv ht-jv-side" data-wide={false}>
      <div className="ht-jv-canvas">{canvas}</div>
      <aside className="ht-jv-panel" aria-label={label}>{side}</aside>
    </div>
  );
}
