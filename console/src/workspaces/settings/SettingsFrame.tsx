/** The frame of one place of the settings: the way back, its title, and a plain refusal for roles that may not see it. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../../app/session";
import { PageHeader } from "../../kit/PageHeader";
import { sections, type SectionKey } from "./sections";
import "./settings.css";

interface SettingsFrameProps {
  section: SectionKey;
  /** In place of the section's title, with the section as the way back. */
  title?: ReactNode;
  badge?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

export function NoRight() {
  const { t } = useTranslation(["settings", "shell", "common"]);
  const { role } = useSession();
  return (
    <div className="ht-empty" role="status">
      <h2>{t("noRight.title")}</h2>
      <p>{t("noRight.body", { role: t(`shell:role.${role}`) })}</p>
      <Link to="/settings">{t("noRight.back")}</Link>
    </div>
  );
}

export function useMaySee(section: SectionKey): boolean {
  const permission = sections.find(({ key }) => key === section)?.permission ?? "";
  return useMay(permission);
}

export function SettingsFrame({ section, title, badge, description, actions, narrow = false, children }: SettingsFrameProps) {
  const { t } = useTranslation(["settings", "shell", "common"]);
  const may = useMaySee(section);
  const to = sections.find(({ key }) => key === section)?.to ?? "/settings";
  return (
    <div className={narrow ? "ht-page ht-page-narrow" : "ht-page"}>
      <PageHeader
        back={
          <nav className="ht-crumbs" aria-label={t("crumbs")}>
            <Link to="/settings" activeOptions={{ exact: true }}>{t("shell:nav.settings")}</Link>
            {title === undefined ? null : (
              <>
                <span aria-hidden>/</span>
                <Link to={to} activeOptions={{ exact: true }}>{t(`${section}.title`)}</Link>
              </>
            )}
          </nav>
        }
        title={title ?? t(`${section}.title`)}
        badge={badge}
        description={description ?? (title === undefined ? t(`${section}.about`) : undefined)}
        actions={may ? actions : undefined}
      />
      {may ? children : <NoRight />}
    </div>
  );
}
