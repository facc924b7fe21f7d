/** The stages of one kind, each with how many are at it, against 30 days earlier, and what it means. */
import { useTranslation } from "react-i18next";

import { formatDay } from "../format/dates";
import { formatPercent } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { StatCard } from "../kit/StatCard";
import { AmongLink } from "./AmongLink";
import type { Kind } from "./filters";
import type { LifeCycle } from "./queries";

/** Which way is good, where one is. */
const BETTER: Record<string, "up" | "down"> = { active: "up", returned: "up", quiet: "down", lapsed: "down", high_value: "up", repeat: "up" };
const STAGES_COUNT = { activity: 5, purchase: 4 };

export function StageCards({ kind, cycle, community_id }: { kind: Kind; cycle: LifeCycle | undefined; community_id: string }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const stages = cycle?.kinds[kind] ?? Array.from({ length: STAGES_COUNT[kind] }, () => undefined);
  return (
    <section aria-labelledby={`stages-${kind}`}>
      <h2 id={`stages-${kind}`} className="ht-life-title">{t(`kind.${kind}`)}</h2>
      <div className="ht-cards ht-life-cards" data-count={STAGES_COUNT[kind]}>
        {stages.map((stage, index) => (
          <StatCard
            key={stage?.stage ?? index}
            label={stage?.[language] ?? t("common:loading")}
            value={stage?.members ?? null}
            {...(cycle?.before_day ? { comparison: { value: stage?.before ?? null, against: formatDay(cycle.before_day, language) } } : {})}
            {...(stage && BETTER[stage.stage] ? { better: BETTER[stage.stage] } : {})}
            definition={{ text: stage?.meaning[language] ?? "" }}
            loading={!stage}
            link={(label) =>
              stage ? (
                <>
                  <span className="ht-secondary">{t("share", { share: formatPercent(stage.share) })}</span>{" "}
                  {stage.members > 0 ? (
                    <AmongLink among={`stage:${community_id}:${kind}:${stage.stage}`} label={label}>{t("members")}</AmongLink>
                  ) : null}
                </>
              ) : null
            }
          />
        ))}
      </div>
    </section>
  );
}
