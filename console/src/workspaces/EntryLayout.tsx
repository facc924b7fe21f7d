/** The frame of the pages before the log-in: mark, one card, language and appearance. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { LanguageMenu, ThemeMenu } from "../app/menus";
import { PageTitle } from "../app/PageTitle";
import { Mark } from "../design/Mark";

interface EntryLayoutProps {
  title: string;
  /** One line below the title: what happens here. */
  description?: ReactNode;
  children: ReactNode;
}

export function EntryLayout({ title, description, children }: EntryLayoutProps) {
  const { t } = useTranslation(["entry", "shell", "common"]);
  return (
    <div className="ht-entry">
      <PageTitle />
      <header>
        <ButtonLink type="text" to="/guide/$" params={{ _splat: "" }}>{t("shell:help")}</ButtonLink>
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main id="main" tabIndex={-1}>
        <div className="ht-entry-brand">
          <Mark size={40} />
          <strong>{t("common:product")}</strong>
          <p>{t("tagline")}</p>
        </div>
        <div className="ht-card ht-entry-card">
          <h1>{title}</h1>
          {description ? <p className="ht-entry-description">{description}</p> : null}
          {children}
        </div>
      </main>
    </div>
  );
}
