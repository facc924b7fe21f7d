/** Who the people of a segment are, what they do and what interests them, beside everybody of its community or workspace. */
import { useTranslation } from "react-i18next";

import { formatDay, formatZone } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { ChartCard } from "../../kit/charts/ChartCard";
import type { ChartSpec } from "../../kit/charts/spec";
import { plainText } from "../../kit/safeText";
import { SafeText } from "../../kit/SafeText";
import { StatCard } from "../../kit/StatCard";
import { useChannelName } from "../../members/channels";
import { useComparedWith } from "../insights/comparedWith";
import type { Part, Persona as Answer, Portrait } from "../insights/queries";
import { TooSmall } from "../insights/TooSmall";
import { hoursChart, partsChart, wordsChart, type Sides } from "./charts";
import "./persona.css";

const ROW_HEIGHT = 44;
const HEAD_HEIGHT = 72;
const HOURS_HEIGHT = 320;

function Headlines({ portrait }: { portrait: Portrait }) {
  const { t } = useTranslation(["insights", "common"]);
  const language = useLanguage();
  return (
    <section className="ht-card ht-headlines" aria-label={t("persona.headlines")}>
      <h2>{t("persona.headlines")}</h2>
      {portrait.headlines.length === 0 ? (
        <p className="ht-secondary">{t("persona.noHeadlines")}</p>
      ) : (
        <ul>
          {portrait.headlines.map((one) => (
            <li key={one.en}><SafeText text={one[language]} /></li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Figures({ portrait, against }: { portrait: Portrait; against: string }) {
  const { t } = useTranslation(["insights", "common"]);
  return (
    <div className="ht-cards">
      {portrait.figures.map(({ key, value, compared }) => (
        <StatCard
          key={key}
          label={t(`figure.${key}`)}
          value={value}
          unit={key === "active_share" ? "percent" : "decimal"}
          comparison={{ value: compared, against }}
          definition={{ text: t(`figureMeans.${key}`) }}
        />
      ))}
    </div>
  );
}

export function Persona({ persona }: { persona: Answer }) {
  const { t } = useTranslation(["insights", "common"]);
  const language = useLanguage();
  const channelName = useChannelName();
  const against = useComparedWith()(persona.compared_with);
  const { portrait } = persona;
  if (!portrait) return <TooSmall people={persona.people} people_min={persona.people_min} />;
  const name = plainText(persona.segment.name);
  const sides: Sides = { own: name, all: against };
  const scope = `${name} · ${t("persona.against", { against })}`;
  const since = `${scope} · ${t("persona.days", { days: persona.days })}`;
  const labelled = (part: Part) => plainText(part.label[language]);
  const empty = <p className="ht-secondary">{t("persona.nothing")}</p>;
  const heightOf = (rows: number) => HEAD_HEIGHT + Math.max(2, rows) * ROW_HEIGHT;
  const card = (key: string, title: string, chart: ChartSpec, rows: number, below: string, means: string) => (
    <ChartCard key={key} title={title} scope={below} chart={chart} empty={empty} height={heightOf(rows)} definition={{ text: means }} />
  );
  const counted = (parts: readonly Part[], title: string, label = labelled) => partsChart(parts, title, sides, label);
  return (
    <div className="ht-persona">
      <p className="ht-secondary">
        {t("persona.about", {
          people: formatCount(persona.people), compared: formatCount(persona.compared_people), against,
          day: formatDay(persona.today, language), zone: formatZone(persona.computed_at, persona.zone),
        })}
      </p>
      <Headlines portrait={portrait} />
      <h2 className="ht-persona-part">{t("persona.who")}</h2>
      <div className="ht-charts">
        {portrait.demographics
          .filter(({ known_people, key }) => known_people > 0 || ["gender", "age", "city"].includes(key))
          .map(({ key, name: title, parts, known, known_people, others, compared_others }) => {
            const chart = partsChart(parts, title[language], sides, labelled, { own: others, all: compared_others, name: t("persona.others") });
            const below = t("persona.known", { share: (known * 100).toFixed(0), people: formatCount(known_people) });
            return card(key, t(`question.${key}`), chart, chart.x.values.length, `${name} · ${below}`, t("persona.partsMean", { count: persona.people_each_min }));
          })}
        {card("tenure", t("question.tenure"), counted(portrait.tenures, t("question.tenure")), portrait.tenures.length, scope, t("persona.tenureMeans"))}
        {card("channels", t("question.channels"), counted(portrait.channels, t("question.channels"), ({ value }) => channelName(value)), portrait.channels.length, scope, t("persona.channelsMean"))}
        {card("groups", t("question.groups"), counted(portrait.groups, t("question.groups")), portrait.groups.length, scope, t("persona.groupsMean"))}
      </div>
      <h2 className="ht-persona-part">{t("persona.what")}</h2>
      <Figures portrait={portrait} against={against} />
      <div className="ht-charts ht-persona-wide">
        <ChartCard
          title={t("question.hours")}
          scope={`${since} · ${formatZone(persona.computed_at, persona.zone)}`}
          chart={portrait.activities === 0 ? { ...hoursChart(portrait.hours, language), values: [] } : hoursChart(portrait.hours, language)}
          empty={empty}
          height={HOURS_HEIGHT}
          definition={{ text: t("persona.hoursMean") }}
        />
      </div>
      <h2 className="ht-persona-part">{t("persona.interests")}</h2>
      <div className="ht-charts">
        {card(
          "words",
          t("question.words"),
          wordsChart(portrait.words, t("persona.word"), { own: name, all: t("persona.rest") }),
          Math.min(portrait.words.length, 20),
          t(portrait.sample.is_whole ? "persona.wholeSample" : "persona.sample", {
            texts: formatCount(portrait.sample.texts + portrait.sample.rest_texts), speakers: formatCount(portrait.sample.speakers), days: persona.days,
          }),
          t("persona.wordsMean", { count: persona.people_each_min, limit: formatCount(portrait.sample.texts_max) }),
        )}
        {card("pages", t("question.pages"), counted(portrait.pages, t("persona.page")), portrait.pages.length, since, t("persona.pagesMean", { count: persona.people_each_min }))}
      </div>
    </div>
  );
}
