/** The chat on the brand's own site: how it will look, and the line that puts it there. */
import { useTranslation } from "react-i18next";

import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { Snippet } from "../kit/Snippet";
import type { Account } from "./queries";

/** The platform whose settings the preview shows. */
export const SITE_PLATFORM = "widget";

const COLOUR = /^#[0-9a-f]{6}$/i;
const WITHIN = ["minutes", "hour", "day"] as const;

type Settings = Readonly<Record<string, unknown>>;

const said = (settings: Settings, name: string) => {
  const value = settings[name];
  return typeof value === "string" ? value : "";
};

/** The open chat, in the language of its visitors. */
function Picture({ settings }: { settings: Settings }) {
  const { i18n } = useTranslation("channels");
  const shown = useLanguage();
  const language = said(settings, "language") === "zh" || said(settings, "language") === "en" ? said(settings, "language") : shown;
  const t = i18n.getFixedT(language, "channels");
  const background = COLOUR.test(said(settings, "colour")) ? said(settings, "colour") : "#0f766e";
  const within = WITHIN.find((one) => one === said(settings, "answers_within"));
  return (
    <div className="ht-site-chat" lang={language}>
      <div className="ht-site-head" style={{ background }}>
        <strong><SafeText text={said(settings, "title") || t("site.defaultTitle")} /></strong>
        {within ? <span>{t(`site.within_${within}`)}</span> : null}
      </div>
      <div className="ht-site-log">
        <p><SafeText text={said(settings, "greeting") || t("site.defaultGreeting")} /></p>
        <p className="ht-site-mine" style={{ background }}>{t("site.question")}</p>
      </div>
      <div className="ht-site-foot">{t("site.write")}</div>
    </div>
  );
}

/** A picture of the open chat, not a working one. */
export function ChatPreview({ settings = {} }: { settings?: Settings | undefined }) {
  const { t } = useTranslation("channels");
  return (
    <figure className="ht-site-preview">
      <figcaption>{t("site.preview")}</figcaption>
      <Picture settings={settings} />
    </figure>
  );
}

export function SiteCard({ account }: { account: Account }) {
  const { t } = useTranslation("channels");
  return (
    <section className="ht-card ht-site" aria-label={t("site.title")}>
      <div className="ht-stack">
        <h2>{t("site.title")}</h2>
        <p className="ht-secondary">{t("site.body")}</p>
        <Snippet label={t("site.code")} code={account.snippet} />
        <p className="ht-secondary">{t("site.signIn")}</p>
        <Snippet label={t("site.signInCode")} code={'<script>\n  window.addEventListener("load", function () {\n    Hutong.chat.identify("JWT");\n  });\n</script>'} />
      </div>
      <ChatPreview settings={account.settings} />
    </section>
  );
}
