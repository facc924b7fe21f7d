/** What the platforms of the connected accounts ask for: when one may write, and whether a person confirms each send. Nobody can change that. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useAccounts, usePlatforms, type Platform } from "../channels/queries";
import { formatDuration } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";

export function PlatformRules() {
  const { t } = useTranslation(["sending", "common"]);
  const language = useLanguage();
  const accounts = useAccounts(true).data?.items ?? [];
  const platforms = usePlatforms().data?.items ?? [];
  const said = ({ capabilities, limits }: Platform) => {
    if (capabilities.send === "reply_window") {
      return limits.reply
        ? t("platform.window", { time: formatDuration(limits.reply.seconds, language), count: limits.reply.count, shown: formatCount(limits.reply.count) })
        : t("platform.reply");
    }
    if (capabilities.send === "needs_human_confirm") return t("platform.confirm");
    if (capabilities.send === "template") return t("platform.template");
    if (capabilities.send === "none") return t("platform.none");
    return t(capabilities.opens_dm ? "platform.free" : "platform.freeLater");
  };
  const shown = accounts.flatMap((account) => {
    const platform = platforms.find((one) => one.platform === account.platform);
    return platform ? [{ account, platform }] : [];
  });
  return (
    <section className="ht-card" aria-labelledby="sending-platforms">
      <h2 id="sending-platforms" className="ht-form-title">{t("platform.title")}</h2>
      <p className="ht-secondary">{t("platform.about")}</p>
      {shown.length === 0 ? (
        <p>{t("platform.nothing")} <Link to="/settings/channels">{t("platform.connect")}</Link></p>
      ) : (
        <ul className="ht-sending-platforms">
          {shown.map(({ account, platform }) => (
            <li key={account.id}>
              <Link to="/settings/channels/$accountId" params={{ accountId: account.id }}><SafeText text={account.name} clip /></Link>
              <span className="ht-secondary">{platform[language]}</span>
              <span>{said(platform)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
