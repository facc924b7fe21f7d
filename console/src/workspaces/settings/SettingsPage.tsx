/** The index of the settings: every place the role may see, found by what one calls it. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { NothingMatches } from "../../kit/EmptyState";
import { FilterBar } from "../../kit/filters/FilterBar";
import { PageHeader } from "../../kit/PageHeader";
import { settingsFilters } from "./filters";
import { sections } from "./sections";
import "./settings.css";

export function SettingsPage() {
  const { t } = useTranslation(["settings", "shell", "common"]);
  const { permissions } = useSession();
  const navigate = useNavigate();
  const { q } = useSearch({ from: "/_in/settings" });
  const wanted = (q ?? "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const allowed = sections.filter(({ permission }) => permission === null || permissions.includes(permission));
  const found = allowed.filter(({ key }) => {
    const text = [t(`${key}.title`), t(`${key}.about`), t(`${key}.words`)].join(" ").toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const show = (next: string | undefined) => void navigate({ to: "/settings", search: (previous) => ({ ...previous, q: next }), replace: true });
  return (
    <div className="ht-page">
      <PageHeader title={t("shell:nav.settings")} />
      <FilterBar
        filters={settingsFilters}
        fields={{ q: { label: t("search") } }}
        values={q ? { q } : {}}
        onChange={(values) => { show(values.q); }}
      />
      {found.length === 0 ? (
        <NothingMatches onClear={() => { show(undefined); }} />
      ) : (
        <ul className="ht-settings-index" aria-label={t("shell:nav.settings")}>
          {found.map(({ key, to, icon: Icon }) => (
            <li key={key} className="ht-card">
              <Icon aria-hidden />
              <div>
                <h2>
                  <Link to={to}>{t(`${key}.title`)}</Link>
                </h2>
                <p className="ht-secondary">{t(`${key}.about`)}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
