/** The pages about communities, side by side: all of them, and what happens in them that staff should see. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

const places = [
  { key: "all", to: "/communities" },
  { key: "alerts", to: "/communities/alerts" },
] as const;

export function CommunitiesNav() {
  const { t } = useTranslation(["shell", "common"]);
  return (
    <nav className="ht-tabs" aria-label={t("nav.communities")}>
      {places.map(({ key, to }) => (
        <Link key={key} to={to} activeOptions={{ exact: true, includeSearch: false }}>
          {t(`communities.${key}`)}
        </Link>
      ))}
    </nav>
  );
}
