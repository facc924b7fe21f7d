/** Communities as cards. */
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { formatDay } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { useMetrics } from "../reports/definitions";
import { Difference } from "./Difference";
import { Marks } from "./Marks";
import type { Community, useCommunityList, useNumbersBeside } from "./queries";

const METRICS = ["active", "net_growth", "messages", "speaker_share"] as const;

interface CommunityCardsProps {
  list: ReturnType<typeof useCommunityList>;
  rows: readonly Community[];
  numbers: ReturnType<typeof useNumbersBeside>;
}

export function CommunityCards({ list, rows, numbers }: CommunityCardsProps) {
  const { t } = useTranslation(["communities", "kit", "common"]);
  const language = useLanguage();
  const metrics = useMetrics();
  const shown = rows.some(({ archived_at }) => archived_at === null);
  return (
    <div aria-busy={list.isPlaceholderData}>
      {shown && numbers.range ? <p className="ht-secondary ht-below-filters">{t("numbersOf", { count: numbers.days, from: formatDay(numbers.range.from, language), to: formatDay(numbers.range.to, language) })}</p> : null}
      <ul className="ht-community-cards">
        {rows.map((one) => (
          <li key={one.id} className="ht-card ht-community-card">
            <header>
              <h2>
                <Link to="/communities/$communityId" params={{ communityId: one.id }} search={{ community: one.id }}>
                  <SafeText text={one.name} />
                </Link>
              </h2>
              <Marks community={one} />
            </header>
            {one.description ? <p className="ht-secondary ht-one-line"><SafeText text={one.description} /></p> : null}
            <dl className="ht-card-figures">
              <div>
                <dt>{t("members")}</dt>
                <dd>{formatCount(one.members)}</dd>
              </div>
              <div>
                <dt>{t("groups")}</dt>
                <dd>{formatCount(one.groups)}</dd>
              </div>
              {one.archived_at === null
                ? METRICS.map((key) => (
                    <div key={key}>
                      <dt>{metrics.get(key)?.name ?? t("common:loading")}</dt>
                      <dd>
                        <Difference metric={metrics.get(key)} now={numbers.now?.get(one.id)?.[key]} before={numbers.before?.get(one.id)?.[key]} days={numbers.days} />
                      </dd>
                    </div>
                  ))
                : null}
            </dl>
            <p className="ht-secondary ht-small">{one.time_zone}</p>
          </li>
        ))}
      </ul>
      {list.hasNextPage ? (
        <div className="ht-table-foot">
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t("kit:table.loadMore")}</Button>
        </div>
      ) : null}
    </div>
  );
}
