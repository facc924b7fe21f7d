/** How people go through a published journey: numbers on the nodes, goals beside them, and whoever is behind a number. */
import { Skeleton } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { formatCount } from "../../format/numbers";
import { ErrorState } from "../../kit/ErrorState";
import { Select } from "../../kit/Select";
import { Canvas } from "./Canvas";
import { nodeOf } from "./edits";
import type { JourneySearch } from "./filters";
import { Goals } from "./Goals";
import { drawingOf, EMPTY } from "./graph";
import { pathOf } from "./path";
import { PeoplePanel, PersonPanel } from "./PeoplePanel";
import { useEnrolment, useNumbers, useVersion, type Journey } from "./queries";
import { NOTHING_OVER, type Overlay } from "./shapes";
import { SideLayout } from "./SideLayout";
import { ZoomTools } from "./Tools";
import type { Lexicon } from "./words";

const ENDS = ["goal", "finished", "exit", "left", "stopped", "failed", "merged", "removed"] as const;
const ALL = "all";

const without = (search: JourneySearch, key: keyof JourneySearch): JourneySearch => Object.fromEntries(Object.entries(search).filter(([name]) => name !== key));

interface NumbersViewProps {
  journey: Journey;
  lexicon: Lexicon;
  search: JourneySearch;
  onSearch: (search: JourneySearch) => void;
}

export function NumbersView({ journey, lexicon, search, onSearch }: NumbersViewProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const published = journey.published_number;
  const version = search.version === undefined ? null : Number(search.version);
  const numbers = useNumbers(journey.id, version, published !== null);
  const person = useEnrolment(search.person ?? null);
  // One person is shown on the version they go by.
  const shownVersion = person.data?.version ?? (version ?? published);
  const graph = useVersion(journey.id, shownVersion);
  const drawing = useMemo(() => (graph.data ? drawingOf(graph.data) : EMPTY), [graph.data]);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [focus, setFocus] = useState<{ id: string; count: number } | null>(null);
  const overlay = useMemo<Overlay>(() => ({ ...NOTHING_OVER, numbers: search.person ? null : (numbers.data?.nodes ?? null), path: search.person && person.data ? pathOf(drawing, { steps: person.data.steps, at: person.data.state === "waiting" ? person.data.node : null }) : null }), [drawing, numbers.data, search.person, person.data]);
  const [only] = chosen;
  const node = chosen.length === 1 && only !== undefined ? nodeOf(drawing, only) : undefined;

  if (published === null) return <p className="ht-jv-none ht-secondary">{t("numbers.none")}</p>;
  if (graph.error && !graph.data) return <ErrorState error={graph.error} onRetry={() => void graph.refetch()} />;
  const found = numbers.data;
  const side = search.person ? (
    <PersonPanel enrolment={search.person} found={person.data} error={person.error} drawing={drawing} lexicon={lexicon} onStep={(id) => { setFocus((before) => ({ id, count: (before?.count ?? 0) + 1 })); }} onBack={() => { onSearch(without(search, "person")); }} />
  ) : node ? (
    <PeoplePanel key={node.id} journey_id={journey.id} version={version} node={node} lexicon={lexicon} onPerson={(enrolment) => { onSearch({ ...search, person: enrolment }); }} onClose={() => { setChosen([]); }} />
  ) : (
    <div className="ht-jd">
      <header className="ht-jd-head"><h2>{t("numbers.title")}</h2></header>
      <div className="ht-jd-body">
        {journey.versions.length > 1 ? (
          <Select
            className="ht-wide"
            aria-label={t("numbers.version")}
            value={search.version ?? ALL}
            options={[{ value: ALL, label: t("numbers.allVersions") }, ...journey.versions.map(({ number }) => ({ value: String(number), label: t("versions.number", { number }) }))]}
            onChange={(next: string) => { onSearch(next === ALL ? without(search, "version") : { ...search, version: next }); }}
          />
        ) : null}
        {numbers.error && !found ? <ErrorState error={numbers.error} onRetry={() => void numbers.refetch()} compact /> : null}
        {!found && !numbers.error ? <Skeleton active title={false} paragraph={{ rows: 6 }} /> : null}
        {found ? (
          <>
            <dl className="ht-jn-totals">
              <div><dt>{t("numbers.totalEntered")}</dt><dd>{formatCount(found.entered)}</dd></div>
              <div><dt>{t("numbers.totalInFlight")}</dt><dd>{formatCount(found.in_flight)}</dd></div>
              {ENDS.map((one) => ((found.ended[one] ?? 0) > 0 ? <div key={one}><dt>{t(`ended.${one}`)}</dt><dd>{formatCount(found.ended[one])}</dd></div> : null))}
            </dl>
            <section aria-label={t("goals.title")}>
              <h3>{t("goals.title")}</h3>
              <Goals goals={found.goals} drawing={drawing} lexicon={lexicon} />
            </section>
            <p className="ht-secondary">{found.entered === 0 ? t("numbers.nobody") : t("numbers.hint")}</p>
          </>
        ) : null}
      </div>
    </div>
  );
  return (
    <SideLayout
      label={t("numbers.title")}
      side={side}
      canvas={
        graph.data ? (
          <Canvas key={shownVersion} drawing={drawing} overlay={overlay} lexicon={lexicon} label={t("canvas.label")} chosen={chosen} onChoose={(ids) => { setChosen(ids.slice(-1)); }} onOpen={(id) => { setChosen([id]); }} drawer={null} focus={focus}>
            <ZoomTools />
          </Canvas>
        ) : (
          <Skeleton active className="ht-jv-skeleton" />
        )
      }
    />
  );
}
