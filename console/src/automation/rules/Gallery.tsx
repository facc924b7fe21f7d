/** Rules to begin with, by what they are for; and none, for whoever knows what they want. */
import { PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { PageHeader } from "../../kit/PageHeader";
import { AutomationNav } from "../AutomationNav";
import { BLANK } from "./filters";
import { usePresets, type Preset } from "./queries";

const CATEGORIES = ["newcomers", "orders", "care", "service", "festivals", "outside"] as const satisfies readonly Preset["category"][];

function Cards({ presets }: { presets: readonly Preset[] }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  return CATEGORIES.filter((category) => presets.some((one) => one.category === category)).map((category) => (
    <section key={category} className="ht-rule-category" aria-labelledby={`presets-${category}`}>
      <h2 id={`presets-${category}`}>{t(`preset.category.${category}`)}</h2>
      <ul className="ht-rule-cards">
        {presets.filter((one) => one.category === category).map((one) => (
          <li key={one.key}>
            <Link to="/automation/rules/new" search={(previous) => ({ ...previous, preset: one.key })} className="ht-card ht-rule-card">
              <strong>{one[language]}</strong>
              <span className="ht-secondary">{language === "zh" ? one.description_zh : one.description_en}</span>
              {one.needs.length > 0 ? <span className="ht-rule-needs">{t("preset.needs", { count: one.needs.length })}</span> : <span className="ht-rule-needs">{t("preset.ready")}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  ));
}

export function Gallery() {
  const { t } = useTranslation(["automation", "common"]);
  const { data, error, refetch } = usePresets();
  return (
    <div className="ht-page">
      <PageHeader back={<Link to="/automation/rules">{t("title")}</Link>} title={t("preset.title")} description={t("preset.about")} />
      <AutomationNav />
      <ul className="ht-rule-cards">
        <li>
          <Link to="/automation/rules/new" search={(previous) => ({ ...previous, preset: BLANK })} className="ht-card ht-rule-card ht-rule-blank">
            <strong><PlusOutlined aria-hidden /> {t("preset.blank")}</strong>
            <span className="ht-secondary">{t("preset.blankAbout")}</span>
          </Link>
        </li>
      </ul>
      {data ? <Cards presets={data.items} /> : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <div className="ht-card" role="status" aria-label={t("common:loading")}><Skeleton active paragraph={{ rows: 8 }} /></div>}
    </div>
  );
}
