/** At which stages of the life cycle a member is, and their RFM scores, on their page. */
import { Tag } from "antd";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useWorkspacePath } from "../app/session";
import { formatDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import type { Member } from "../members/queries";
import { BELONGING } from "../tags/queries";

export function MemberStages({ member }: { member: Member }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const path = useWorkspacePath();
  const maySee = useMay("segments.read");
  // Errors are shown by the segments beside, which ask the same.
  const { data } = $api.useQuery("get", BELONGING, { params: { path: { ...path, member_id: member.id } } }, { enabled: maySee });
  if (!data || data.stages.length === 0) return null;
  const communities = new Map(data.stages.map(({ community }) => [community.id, community.name]));
  return (
    <section aria-labelledby="member-stages">
      <h2 id="member-stages">{t("title")}</h2>
      <dl className="ht-facts">
        {[...communities].map(([id, name]) => {
          const scores = data.rfm.find(({ community }) => community.id === id);
          return (
            <Fragment key={id}>
              <dt><SafeText text={name} /></dt>
              <dd>
                {data.stages
                  .filter(({ community }) => community.id === id)
                  .map((stage) => (
                    <Tag key={stage.kind} variant="outlined" title={stage.since ? t("since", { day: formatDay(stage.since, language) }) : undefined}>
                      {stage[language]}
                    </Tag>
                  ))}
                {scores ? (
                  <Tag variant="outlined" title={scores.date ? t("scoresOf", { day: formatDay(scores.date, language) }) : undefined}>
                    {`R${scores.recency} F${scores.frequency} M${scores.monetary} · `}
                    <SafeText text={scores[language]} />
                  </Tag>
                ) : null}
              </dd>
            </Fragment>
          );
        })}
      </dl>
    </section>
  );
}
