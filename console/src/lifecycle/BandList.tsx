/** The eleven bands: how many, what they are worth, and what is usually done about them. */
import { useTranslation } from "react-i18next";

import { useColorMode } from "../design/colorMode";
import { formatCount, formatPercent } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { AmongLink } from "./AmongLink";
import { seriesColor } from "./colors";
import type { RFM } from "./queries";

export function BandList({ rfm }: { rfm: RFM }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const { mode } = useColorMode();
  const inOrders = rfm.basis === "orders";
  return (
    <div className="ht-rfm-scroll" tabIndex={0} role="group" aria-label={t("rfm.bands")}>
      <table className="ht-plain-table ht-rfm-bands">
        <thead>
          <tr>
            <th scope="col">{t("rfm.band")}</th>
            <th scope="col" className="ht-number">{t("flow.count")}</th>
            <th scope="col" className="ht-number">{t("rfm.share")}</th>
            <th scope="col" className="ht-number">{inOrders ? t("rfm.amount", { currency: rfm.currency }) : t("rfm.messages")}</th>
            <th scope="col" className="ht-number">{t("rfm.amountShare")}</th>
            <th scope="col">{t("rfm.advice")}</th>
          </tr>
        </thead>
        <tbody>
          {rfm.bands.map((band) => (
            <tr key={band.band}>
              <th scope="row">
                <span className="ht-rfm-swatch" style={{ background: seriesColor(band.color, mode) }} aria-hidden />
                <SafeText text={band[language]} />
              </th>
              <td className="ht-number">
                {band.members > 0 && rfm.is_kept ? (
                  <AmongLink among={`rfm:${rfm.community.id}:${band.band}`} label={t("rfm.bandMembers", { band: band[language], count: band.members, shown: formatCount(band.members) })}>
                    {formatCount(band.members)}
                  </AmongLink>
                ) : (
                  formatCount(band.members)
                )}
              </td>
              <td className="ht-number">{formatPercent(band.share)}</td>
              <td className="ht-number">{formatCount(band.monetary)}</td>
              <td className="ht-number">{formatPercent(band.monetary_share)}</td>
              <td>{band.advice[language]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
