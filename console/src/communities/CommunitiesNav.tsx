/** The pages about communities, side by side: all of them, what happens in them that staff should see, and what is to be done. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";

const places = [
  { key: "all", to: "/communities" },
  { key: "alerts", to: "/communities/alerts" },
  { key: "todos", to: "/communities/todos" },
] as const;

export function CommunitiesNav() {
  const { t } = useTranslation(["shell", "common"]);
  const maySeeTodos = useMay("todos.read");
  return (
    <nav className="ht-tabs" aria-label={t("nav.communities")}>
      {places.filter(({ key }) => key !== "todos" || maySeeTodos).map(({ key, to }) => (
        <Link key={key} to={to} activeOptions={{ exact: true, includeSearch: false }}>
          {t(`communities.${key}`)}
        </Link>
      ))}
    </nav>
  );
}
