/** Which files can be read, and how each app gives them out. Opened by those who need it. */
import { useTranslation } from "react-i18next";

import { GuideLink } from "../kit/GuideLink";
import { useFormats } from "./queries";

/** The formats that have a hint of their own on how to export. */
const EXPORTS = ["irc", "telegram", "discord", "slack", "whatsapp", "wechat", "qq", "chatlab", "csv", "json"] as const;
const TABLES: readonly string[] = ["csv", "json"];
const isKnown = (name: string): name is (typeof EXPORTS)[number] => EXPORTS.some((known) => known === name);

/** The page of the guide about a format. */
export const guidePage = (name: string): string => (isKnown(name) ? `import/${TABLES.includes(name) ? "tables" : name}` : "import");

export function FormatHelp() {
  const { t } = useTranslation(["imports", "common"]);
  const { data } = useFormats();
  return (
    <details className="ht-format-help">
      <summary>{t("formats.title")}</summary>
      <dl>
        {(data ?? []).map(({ name, title, extensions }) => (
          <div key={name}>
            <dt>
              {title} <span className="ht-secondary">{extensions.join(" ")}</span>
            </dt>
            {isKnown(name) ? (
              <dd>
                {t(`formats.${name}`)}{" "}
                <GuideLink page={guidePage(name)}>
                  <span className="ht-visually-hidden">{title} </span>
                  {t("formats.steps")}
                </GuideLink>
              </dd>
            ) : null}
          </div>
        ))}
      </dl>
      <p className="ht-secondary">{t("formats.packed")}</p>
    </details>
  );
}
