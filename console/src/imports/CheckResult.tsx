/** What the files hold, before anything is added: counts, groups, what cannot be read, and the button that starts it. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useSession, useWorkspacePath } from "../app/session";
import { formatDateTime, formatZone } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { KeepGoodRows } from "./KeepGoodRows";
import type { ImportDetail } from "./queries";
import { Rejects } from "./Rejects";

const KINDS = ["messages", "members", "days", "joins", "leaves", "renames", "recalls", "reactions", "notices"] as const;
const GROUPS_SHOWN = 10;

function Destination({ batch }: { batch: ImportDetail }) {
  const { t } = useTranslation(["imports", "common"]);
  const { communities } = useSession();
  const known = communities.find(({ id }) => id === batch.options.community_id);
  const name = known?.name ?? batch.options.community_name;
  return (
    <p>
      <Phrase text={t(known ? "check.into" : "check.intoNew", { community: slot(0) })} parts={[<strong key="community"><SafeText text={name} /></strong>]} />
    </p>
  );
}

function Groups({ batch }: { batch: ImportDetail }) {
  const { t } = useTranslation(["imports", "common"]);
  const groups = batch.checked?.groups ?? [];
  if (groups.length < 2) return null;
  const shown = [...groups].sort((a, b) => b.messages - a.messages).slice(0, GROUPS_SHOWN);
  return (
    <table className="ht-import-groups">
      <caption>{t("check.groups", { count: groups.length })}</caption>
      <thead>
        <tr>
          <th scope="col">{t("check.group")}</th>
          <th scope="col" className="ht-number">{t("count.messages")}</th>
          <th scope="col" className="ht-number">{t("count.joins")}</th>
          <th scope="col" className="ht-number">{t("count.leaves")}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((group) => (
          <tr key={group.name}>
            <th scope="row"><SafeText text={group.name} /></th>
            <td className="ht-number">{formatCount(group.messages)}</td>
            <td className="ht-number">{formatCount(group.joins)}</td>
            <td className="ht-number">{formatCount(group.leaves)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CheckResultProps {
  batch: ImportDetail;
  onChange: () => void;
  onStarted: () => void;
}

export function CheckResult({ batch, onChange, onStarted }: CheckResultProps) {
  const { t } = useTranslation(["imports", "common"]);
  const language = useLanguage();
  const path = useWorkspacePath();
  const params = { params: { path: { ...path, import_id: batch.id } } };
  const run = $api.useMutation("post", "/api/workspaces/{workspace_id}/imports/{import_id}/run", { onSuccess: onStarted });
  const { checked } = batch;
  if (checked === null) return null;
  const zone = batch.options.time_zone;
  const fresh = checked.records - checked.already_there;
  const held = checked.rejected > 0 && !batch.keep_good_rows;
  return (
    <div className="ht-stack">
      <section className="ht-card ht-import-result">
        <div role="status">
          <h2>{checked.records === 0 ? t("check.nothing") : fresh === 0 ? t("check.allThere") : t("check.title", { count: fresh, shown: formatCount(fresh) })}</h2>
        </div>
        {checked.records === 0 ? <p>{t("check.nothingBody")}</p> : <Destination batch={batch} />}
        <dl className="ht-import-figures">
          {KINDS.filter((kind) => checked[kind] > 0 || kind === "messages" || kind === "members").map((kind) => (
            <div key={kind}>
              <dt>{t(`count.${kind}`)}</dt>
              <dd>{formatCount(checked[kind])}</dd>
            </div>
          ))}
          {checked.already_there > 0 ? (
            <div>
              <dt>{t("count.alreadyThere")}</dt>
              <dd>{formatCount(checked.already_there)}</dd>
            </div>
          ) : null}
          <div>
            <dt>{t("count.rejected")}</dt>
            <dd data-bad={checked.rejected > 0}>{formatCount(checked.rejected)}</dd>
          </div>
        </dl>
        {checked.first_at && checked.last_at ? (
          <p className="ht-secondary" title={formatZone(checked.first_at, zone)}>
            {t("check.range", { from: formatDateTime(checked.first_at, zone, language), to: formatDateTime(checked.last_at, zone, language), zone })}
          </p>
        ) : null}
        <Groups batch={batch} />
      </section>
      {checked.rejected > 0 ? <Rejects batch={batch} count={checked.rejected} /> : null}
      <div className="ht-import-bar">
        {checked.rejected > 0 ? <KeepGoodRows batch={batch} label={t("check.keepGood")} /> : null}
        {run.error ? <ErrorState error={run.error} compact /> : null}
        <span className="ht-import-bar-end">
          <Button onClick={onChange}>{t("check.back")}</Button>
          <Button
            type="primary"
            loading={run.isPending}
            disabled={checked.records === 0 || held}
            onClick={() => {
              run.mutate(params);
            }}
          >
            {t("check.run", { shown: formatCount(fresh) })}
          </Button>
        </span>
      </div>
    </div>
  );
}
