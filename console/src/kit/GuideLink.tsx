/** The way to a page of the guide, beside the work: it opens in a tab of its own. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface GuideLinkProps {
  /** Its address below /guide, such as `import/wechat`. */
  page: string;
  children?: ReactNode;
}

export function GuideLink({ page, children }: GuideLinkProps) {
  const { t } = useTranslation(["common"]);
  return (
    <a href={`/guide/${page}`} target="_blank" rel="noopener" className="ht-guide-link">
      {children ?? t("learnMore")}
      <span className="ht-visually-hidden"> ({t("opensInNewTab")})</span>
    </a>
  );
}
