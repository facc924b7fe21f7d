/** The head of a page: what it is, one line about it, and the primary action at the right. */
import type { ReactNode } from "react";

interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  /** Beside the title: a tag such as "示例". */
  badge?: ReactNode;
  /** Above the title: the way back. */
  back?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, description, badge, back, actions }: PageHeaderProps) {
  return (
    <header className="ht-page-header">
      {back ? <div className="ht-page-back">{back}</div> : null}
      <div className="ht-page-title">
        <h1>{title}</h1>
        {badge}
      </div>
      {actions ? <div className="ht-page-actions">{actions}</div> : null}
      {description ? <p className="ht-page-description">{description}</p> : null}
    </header>
  );
}
