/** The pages of content, side by side. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

const places = [
  { key: "broadcasts", to: "/content/broadcasts" },
  { key: "scripts", to: "/content/scripts" },
] as const;

export function ContentNav() {
  const { t } = useTranslation(["shell", "common"]);
  return (
    <nav className="ht-tabs" aria-label={t("nav.content")}>
      {places.map(({ key, to }) => (
        <Link key={key} to={to} activeOptions={{ includeSearch: false }}>
          {t(`content.${key}`)}
        </Link>
      ))}
    </nav>
  );
}
