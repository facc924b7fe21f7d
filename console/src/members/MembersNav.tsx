/** The pages about members, side by side: everybody, and the ways they are told apart. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

const places = [
  { key: "all", to: "/members" },
  { key: "segments", to: "/members/segments" },
  { key: "tags", to: "/members/tags" },
  { key: "edits", to: "/members/edits" },
  { key: "lifeCycle", to: "/members/life-cycle" },
  { key: "rfm", to: "/members/rfm" },
] as const;

export function MembersNav() {
  const { t } = useTranslation(["members", "common"]);
  return (
    <nav className="ht-tabs" aria-label={t("nav.label")}>
      {places.map(({ key, to }) => (
        <Link key={key} to={to} activeOptions={{ exact: true, includeSearch: false }}>
          {t(`nav.${key}`)}
        </Link>
      ))}
    </nav>
  );
}
