/** The pages of automation, side by side: what answers by itself. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

const places = [
  { key: "journeys", to: "/automation/journeys" },
  { key: "rules", to: "/automation/rules" },
  { key: "welcomes", to: "/automation/welcomes" },
  { key: "replies", to: "/automation/replies" },
] as const;

export function AutomationNav() {
  const { t } = useTranslation(["shell", "common"]);
  return (
    <nav className="ht-tabs" aria-label={t("nav.automation")}>
      {places.map(({ key, to }) => (
        <Link key={key} to={to} activeOptions={{ includeSearch: false }}>
          {t(`automation.${key}`)}
        </Link>
      ))}
    </nav>
  );
}
