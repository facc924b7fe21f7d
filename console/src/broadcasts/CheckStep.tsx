/** What will happen before it happens: who is reached, who is not and why, how long it takes; then the number typed back where there are many. */
import { Button, Input, Skeleton } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { formatDuration } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { ProgressPanel } from "../kit/ProgressPanel";
import { SafeText } from "../kit/SafeText";
import { useActs, useCheck, type Broadcast, type Check } from "./queries";

function Account({ one }: { one: Check["accounts"][number] }) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const language = useLanguage();
  return (
    <li className="ht-card">
      <h3><SafeText text={one.name} /></h3>
      <p>
        {t("check.recipients", { count: one.recipients, shown: formatCount(one.recipients) })}
        {one.seconds > 0 ? ` · ${t("check.takes", { time: formatDuration(one.seconds, language) })}` : null}
      </p>
      {one.state === "active" ? null : <p className="ht-field-error">{t("check.stopped")}</p>}
      {one.problem ? <p className="ht-field-error" role="alert">{one.problem[language]}</p> : null}
      {one.left_out.map((said) => <p key={said.en} className="ht-secondary">{said[language]}</p>)}
      {one.needs_opening ? <p className="ht-secondary">{t("check.window")}</p> : null}
      {one.risk ? <p className="ht-notice">{one.risk[language]}</p> : null}
    </li>
  );
}

export function CheckStep({ broadcast }: { broadcast: Broadcast }) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const language = useLanguage();
  const id = useId();
  const maySend = useMay("broadcasts.send");
  const acts = useActs(broadcast.id);
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const { data, error, again, cancel, isFetching } = useCheck(broadcast.id);
  if (error && !data) return <ErrorState error={error} onRetry={again} compact />;
  if (!data) return <Skeleton active paragraph={{ rows: 5 }} />;
  if (data.state !== "done")
    return (
      <div className="ht-broadcast-check">
        <ProgressPanel
          title={t("check.counting")}
          state={data.state}
          done={data.seen}
          total={data.total}
          unit={t(broadcast.audience.kind === "groups" ? "check.unitGroups" : "check.unitMembers")}
          rate_per_second={data.rate_per_second}
          left_seconds={data.left_seconds}
          onCancel={cancel}
        />
        {data.state === "cancelled" ? <Button onClick={again} loading={isFetching}>{t("check.again")}</Button> : null}
      </div>
    );
  const asks = data.recipients > data.typed_above;
  const number = Number(typed.replace(/[,\s]/g, ""));
  const ready = maySend && !isFetching && (data.recipients > 0 || broadcast.timing.kind !== "now") && (!asks || number === data.recipients);
  async function send() {
    setFailure(null);
    try {
      await acts.schedule(broadcast.version, asks ? number : null);
    } catch (cause) {
      setFailure(cause);
      again();
    }
  }
  return (
    <div className="ht-broadcast-check">
      <p className="ht-broadcast-number"><strong>{formatCount(data.recipients)}</strong> {t(broadcast.audience.kind === "groups" ? "check.groups" : "check.members", { count: data.recipients })}</p>
      {data.seconds > 0 ? <p>{t("check.takes", { time: formatDuration(data.seconds, language) })}</p> : null}
      {data.no_identity + data.not_opened + data.no_account > 0 ? (
        <div className="ht-notice">
          <strong>{t("check.unreachable")}</strong>
          <ul>
            {data.no_identity > 0 ? <li>{t("check.noIdentity", { count: data.no_identity, shown: formatCount(data.no_identity) })}</li> : null}
            {data.not_opened > 0 ? <li>{t("check.notOpened", { count: data.not_opened, shown: formatCount(data.not_opened) })}</li> : null}
            {data.no_account > 0 ? <li>{t("check.groupsWithout", { count: data.no_account, shown: formatCount(data.no_account) })}</li> : null}
          </ul>
          <p>{t("check.listed")}</p>
        </div>
      ) : null}
      {data.marketing ? <p className="ht-notice">{t("check.marketing", { from: data.marketing.quiet_from, to: data.marketing.quiet_to, day: data.marketing.per_day, week: data.marketing.per_week })}</p> : null}
      <ul className="ht-broadcast-accounts">
        {data.accounts.map((one) => <Account key={one.account_id} one={one} />)}
      </ul>
      {asks && maySend ? (
        <div className="ht-broadcast-fields">
          <label htmlFor={`${id}-number`}>{t("check.type", { shown: formatCount(data.recipients) })}</label>
          <Input id={`${id}-number`} value={typed} inputMode="numeric" autoComplete="off" onChange={(event) => { setTyped(event.target.value); }} />
        </div>
      ) : null}
      {failure === null ? null : <ErrorState error={failure} compact />}
      <Button type="primary" size="large" disabled={!ready} loading={acts.isPending} onClick={() => void send()}>
        {t(broadcast.timing.kind === "now" ? "check.send" : "check.schedule")}
      </Button>
      {maySend ? null : <p className="ht-secondary">{t("check.mayNot")}</p>}
    </div>
  );
}
