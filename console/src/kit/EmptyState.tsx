/** Two different silences: nothing is here yet (what this is for, one action, one link), or nothing matches the filters. */
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { GuideLink } from "./GuideLink";

interface NothingYetProps {
  title: string;
  body: string;
  action?: ReactNode;
  /** The page of the guide about this, such as `import/wechat`. */
  guide: string;
}

function Doorway() {
  return (
    <svg className="ht-empty-picture" viewBox="0 0 96 64" fill="none" strokeWidth="1.5" strokeLinecap="round" aria-hidden>
      <path d="M4 60h88" />
      <path className="ht-empty-accent" d="M32 60V34a16 16 0 0 1 32 0v26" />
      <path d="M40 60V36a8 8 0 0 1 16 0v24" />
      <path d="M8 60V40h16M72 40h16v20M8 50h16M72 50h16M16 40v10M80 40v10" />
    </svg>
  );
}

export function NothingYet({ title, body, action, guide }: NothingYetProps) {
  return (
    <div className="ht-empty">
      <Doorway />
      <h2>{title}</h2>
      <p>{body}</p>
      {action}
      <GuideLink page={guide} />
    </div>
  );
}

export function NothingMatches({ onClear }: { onClear?: () => void }) {
  const { t } = useTranslation(["kit", "common"]);
  return (
    <div className="ht-empty" role="status">
      <h2>{t("empty.nothingMatches")}</h2>
      <p>{t("empty.nothingMatchesBody")}</p>
      {onClear ? <Button onClick={onClear}>{t("filters.clear")}</Button> : null}
    </div>
  );
}
