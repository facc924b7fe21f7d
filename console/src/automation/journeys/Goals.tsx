/** How many reached a goal, arm by arm, each with the range in which the true rate lies; against whom nothing was done for. */
import { useTranslation } from "react-i18next";

import { formatCount, formatPercent, formatPoints, NO_VALUE } from "../../format/numbers";
import { plainText } from "../../kit/safeText";
import { nodeOf } from "./edits";
import type { Drawing } from "./graph";
import type { ArmNumbers, GoalNumbers } from "./queries";
import { armName, titleOf, type Lexicon } from "./words";

const [WIDTH, HEIGHT, EDGE, DOT] = [132, 20, 5, 4] as const;
const RATE_LEAST = 0.01;

function Interval({ rate, low, high, isHeld, most }: { rate: number; low: number; high: number; isHeld: boolean; most: number }) {
  const x = (share: number) => EDGE + (Math.min(share, most) / most) * (WIDTH - 2 * EDGE);
  return (
    <svg className="ht-jg-interval" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden data-holdout={isHeld}>
      <line x1={EDGE} x2={WIDTH - EDGE} y1={HEIGHT / 2} y2={HEIGHT / 2} className="ht-jg-axis" />
      <line x1={x(low)} x2={x(high)} y1={HEIGHT / 2} y2={HEIGHT / 2} className="ht-jg-range" />
      <circle cx={x(rate)} cy={HEIGHT / 2} r={DOT} />
    </svg>
  );
}

interface ArmsProps {
  goal: GoalNumbers;
  split: string;
  drawing: Drawing;
  lexicon: Lexicon;
}

function Arms({ goal, split, drawing, lexicon }: ArmsProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const node = nodeOf(drawing, split);
  const arms = goal.arms.filter((arm) => arm.split === split);
  const most = Math.max(RATE_LEAST, ...arms.map(({ high }) => high ?? 0));
  const name = node ? titleOf(node, lexicon) : t("said.gone");
  const lift = goal.lifts.find((one) => one.split === split);
  const nameOf = (arm: ArmNumbers, index: number) => plainText(arm.name) || armName(arm, index, lexicon);
  return (
    <>
      <div className="ht-jg-scroll" tabIndex={0} role="region" aria-label={t("goals.table", { name })}>
        <table>
          <caption className="ht-secondary">{name}</caption>
          <thead>
            <tr>
              <th scope="col">{t("goals.arm")}</th>
              <th scope="col" className="ht-number">{t("goals.reachedOf")}</th>
              <th scope="col" className="ht-number">{t("goals.rate")}</th>
              <th scope="col">{t("goals.interval")}</th>
            </tr>
          </thead>
          <tbody>
            {arms.map((arm, index) => (
              <tr key={arm.arm}>
                <th scope="row">{nameOf(arm, index)}</th>
                <td className="ht-number">{formatCount(arm.reached)} / {formatCount(arm.people)}</td>
                <td className="ht-number">{formatPercent(arm.rate)}</td>
                <td>
                  {arm.rate === null || arm.low === null || arm.high === null ? NO_VALUE : (
                    <span className="ht-jg-cell">
                      <Interval rate={arm.rate} low={arm.low} high={arm.high} isHeld={arm.is_holdout} most={most} />
                      <span className="ht-secondary ht-number">{t("goals.range", { low: formatPercent(arm.low), high: formatPercent(arm.high) })}</span>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lift ? (
        <p className="ht-jg-lift">
          {t("goals.lift", { value: formatPoints(lift.value, lexicon.language), low: formatPoints(lift.low, lexicon.language), high: formatPoints(lift.high, lexicon.language) })}{" "}
          {lift.low > 0 ? t("goals.better") : lift.high < 0 ? t("goals.worse") : t("goals.unclear")}
        </p>
      ) : null}
    </>
  );
}

function Goal({ goal, drawing, lexicon }: { goal: GoalNumbers; drawing: Drawing; lexicon: Lexicon }) {
  const { t } = useTranslation(["journeys", "common"]);
  const node = nodeOf(drawing, goal.node);
  const name = node ? titleOf(node, lexicon) : t("said.gone");
  const splits = [...new Set(goal.arms.map(({ split }) => split))];
  return (
    <section className="ht-jg" aria-label={name}>
      <h3>{name}</h3>
      <p>{t("goals.all", { count: goal.reached, shown: formatCount(goal.reached), rate: formatPercent(goal.rate) })}</p>
      {splits.map((split) => <Arms key={split} goal={goal} split={split} drawing={drawing} lexicon={lexicon} />)}
      {goal.arms.some(({ is_holdout }) => is_holdout) ? null : <p className="ht-secondary">{t("goals.noHoldout")}</p>}
    </section>
  );
}

export function Goals({ goals, drawing, lexicon }: { goals: readonly GoalNumbers[]; drawing: Drawing; lexicon: Lexicon }) {
  const { t } = useTranslation(["journeys", "common"]);
  if (goals.length === 0) return <p className="ht-secondary">{t("goals.none")}</p>;
  return goals.map((goal) => <Goal key={goal.node} goal={goal} drawing={drawing} lexicon={lexicon} />);
}
