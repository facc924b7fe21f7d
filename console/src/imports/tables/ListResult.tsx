/** How the import of a list ended, and how it was taken back. */
import { CheckCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../../app/ButtonLink";
import { useSession } from "../../app/session";
import { formatDateTime, formatDuration } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import type { ImportDetail } from "../queries";
import { Rejects } from "../Rejects";
import { Undo } from "../Result";
import { changesOf, ListCounts } from "./ListCounts";

const BACK = ["members_removed", "values_back", "names_back", "identities_removed", "tags_back", "orders_removed"] as const;
const KEPT = ["members_kept", "values_kept", "names_kept", "identities_kept"] as const;

export function ListResult({ batch, onMoved }: { batch: ImportDetail; onMoved: () => void }) {
  const { t } = useTranslation(["lists", "imports", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const counts = batch.table?.result;
  if (!counts) return null;
  const changes = changesOf(batch.kind, counts);
  const listed = counts.rejected + counts.cells;
  return (
    <div className="ht-stack">
      <section className="ht-card ht-import-result">
        <div role="status">
          <h2>
            <CheckCircleFilled aria-hidden className="ht-import-good" />{" "}
            {changes === 0
              ? t("result.same")
              : batch.kind === "orders"
                ? t("result.orders", { added: formatCount(changes) })
                : t("result.members", { made: formatCount(counts.made), updated: formatCount(counts.updated) })}
          </h2>
        </div>
        <ListCounts batch={batch} counts={counts} />
        <p className="ht-secondary">
          {t("imports:result.took", { at: formatDateTime(batch.finished_at, workspace.time_zone, language), time: formatDuration(counts.seconds, language) })}
        </p>
        <div className="ht-import-actions">
          <ButtonLink to="/members" type="primary">
            {t("result.members_link")}
          </ButtonLink>
          <ButtonLink to="/communities/import" search={{ kind: batch.kind }}>
            {t("imports:another")}
          </ButtonLink>
          <Undo batch={batch} onMoved={onMoved} consequence={t(batch.kind === "orders" ? "undo.orders" : "undo.members")} />
        </div>
      </section>
      {listed > 0 ? <Rejects batch={batch} count={listed} title={t("reject.title", { count: listed, shown: formatCount(listed) })} reasons={counts.reasons} /> : null}
    </div>
  );
}

export function ListRemoved({ batch }: { batch: ImportDetail }) {
  const { t } = useTranslation(["lists", "imports", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const undone = batch.table?.undone;
  const kept = undone ? KEPT.reduce((sum, name) => sum + undone[name], 0) : 0;
  return (
    <div className="ht-stack">
      <section className="ht-card ht-import-result">
        <div role="status">
          <h2>{t(batch.state === "undone" ? "imports:removed.undone" : "imports:removed.cancelled")}</h2>
        </div>
        <p>{t(kept === 0 ? "removed.all" : "removed.some")}</p>
        {undone ? (
          <dl className="ht-import-figures">
            {[...BACK, ...KEPT]
              .filter((name) => undone[name] > 0)
              .map((name) => (
                <div key={name}>
                  <dt>{t(`removed.${name}`)}</dt>
                  <dd>{formatCount(undone[name])}</dd>
                </div>
              ))}
          </dl>
        ) : null}
        {batch.finished_at ? <p className="ht-secondary">{formatDateTime(batch.finished_at, workspace.time_zone, language)}</p> : null}
        <div className="ht-import-actions">
          <ButtonLink to="/communities/import" search={{ kind: batch.kind }} type="primary">
            {t("imports:another")}
          </ButtonLink>
        </div>
      </section>
      {kept > 0 ? <Rejects batch={batch} count={kept} title={t("reject.kept", { count: kept, shown: formatCount(kept) })} reasons={[]} /> : null}
    </div>
  );
}
