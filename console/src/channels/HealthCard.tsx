/** How one account is: its connection, what came last, errors, and how much of each limit is used. */
import { Alert, Progress } from "antd";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { CopyField } from "../kit/CopyField";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { ConditionTag } from "./ConditionTag";
import { lagParts } from "./health";
import type { Account } from "./queries";

export function HealthCard({ account }: { account: Account }) {
  const { t } = useTranslation(["channels", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const { health } = account;
  const zone = workspace.time_zone;
  const problem = language === "zh" ? account.problem_zh : account.problem_en;
  const error = language === "zh" ? health.error_zh : health.error_en;
  const lag = lagParts(health.lag_ms);
  return (
    <section className="ht-card ht-stack" aria-label={t("health.title")}>
      {problem && account.state === "needs_reconnect" ? <Alert type="error" showIcon title={problem} /> : null}
      <dl className="ht-facts">
        <dt>{t("account.condition")}</dt>
        <dd><ConditionTag account={account} /></dd>
        <dt>{t("account.self")}</dt>
        <dd><SafeText text={account.self_name} /> <code className="ht-secondary">{account.self_id}</code></dd>
        {health.holds_connection ? (
          <>
            <dt>{t("health.connected")}</dt>
            <dd>{health.connected_at ? <RelativeTime at={health.connected_at} zone={zone} /> : t("health.notConnected")}</dd>
            {health.alive_at ? (
              <>
                <dt>{t("health.alive")}</dt>
                <dd><RelativeTime at={health.alive_at} zone={zone} /></dd>
              </>
            ) : null}
          </>
        ) : null}
        <dt>{t("health.last")}</dt>
        <dd>{health.last_event_at ? <RelativeTime at={health.last_event_at} zone={zone} /> : t("health.nothing")}</dd>
        {health.last_event_at || health.lag_ms > 0 ? (
          <>
            <dt>{t("health.lag")}</dt>
            <dd>{t(`health.lag_${lag.unit}`, { value: formatCount(lag.value) })}</dd>
          </>
        ) : null}
        <dt>{t("health.counts")}</dt>
        <dd>{t("health.countsOf", { received: formatCount(health.received), sent: formatCount(health.sent) })}</dd>
        <dt>{t("health.errors")}</dt>
        <dd>
          {health.errors === 0 && !error ? t("health.noErrors") : (
            <>
              {t("health.inARow", { count: health.errors })}
              {error ? <> · {error}</> : null}
              {health.last_error_at ? <> · <RelativeTime at={health.last_error_at} zone={zone} /></> : null}
            </>
          )}
        </dd>
        {health.waits_until ? (
          <>
            <dt>{t("health.waits")}</dt>
            <dd><RelativeTime at={health.waits_until} zone={zone} /></dd>
          </>
        ) : null}
      </dl>
      {health.limits.length > 0 ? (
        <ul className="ht-channel-limits" aria-label={t("health.limits")}>
          {health.limits.map((limit) => {
            const words = t("health.limit", { used: formatCount(limit.used), count: formatCount(limit.count), seconds: formatCount(limit.seconds) });
            return (
              <li key={`${String(limit.count)}/${String(limit.seconds)}`}>
                <span>{words}</span>
                <Progress percent={Math.round((100 * limit.used) / limit.count)} showInfo={false} aria-label={words} />
              </li>
            );
          })}
        </ul>
      ) : null}
      {account.callback_url ? <CopyField label={t("account.callback")} value={account.callback_url} /> : null}
    </section>
  );
}
