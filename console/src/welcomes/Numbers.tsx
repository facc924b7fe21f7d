/** What came of a welcome: how many newcomers spoke soon, beside those before it. */
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { formatDateTime } from "../format/dates";
import { formatCount, formatPercent, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { useStatistics, type Spoke } from "./queries";

const SHARES = ["spoke_day", "spoke_week"] as const;

function Share({ of, which }: { of: Spoke | null; which: (typeof SHARES)[number] }) {
  const { t } = useTranslation(["welcomes", "common"]);
  const share = of?.[which];
  if (!share || share.newcomers === 0) return <td className="ht-number">{NO_VALUE}</td>;
  return (
    <td className="ht-number">
      <strong>{formatPercent(share.spoke / share.newcomers)}</strong>
      <span className="ht-secondary">{t("numbers.of", { spoke: formatCount(share.spoke), newcomers: formatCount(share.newcomers) })}</span>
    </td>
  );
}

export function Numbers({ welcomeId }: { welcomeId: string }) {
  const { t } = useTranslation(["welcomes", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const { data, error, refetch } = useStatistics(welcomeId);
  return (
    <section className="ht-card ht-stack" aria-labelledby="welcome-numbers">
      <h2 id="welcome-numbers">{t("numbers.title")}</h2>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : !data ? (
        <Skeleton active paragraph={{ rows: 3 }} />
      ) : data.began_at === null ? (
        <p className="ht-secondary">{t("numbers.notBegun")}</p>
      ) : (
        <>
          <p>{t("numbers.welcomed", { count: data.welcomed, shown: formatCount(data.welcomed), left: formatCount(data.left) })}</p>
          <table className="ht-welcome-numbers">
            <thead>
              <tr>
                <th scope="col"><span className="ht-visually-hidden">{t("numbers.within")}</span></th>
                <th scope="col">{t("numbers.since")}</th>
                <th scope="col">{t("numbers.before")}</th>
              </tr>
            </thead>
            <tbody>
              {SHARES.map((which) => (
                <tr key={which}>
                  <th scope="row">{t(`numbers.${which}`)}</th>
                  <Share of={data.since} which={which} />
                  <Share of={data.before} which={which} />
                </tr>
              ))}
            </tbody>
          </table>
          <p className="ht-secondary">{t("numbers.about", { at: formatDateTime(data.began_at, workspace.time_zone, language) })}</p>
        </>
      )}
    </section>
  );
}
