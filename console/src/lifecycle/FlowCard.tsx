/** How people moved between stages, month by month. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useColorMode } from "../design/colorMode";
import type { ColorMode } from "../design/tokens";
import { formatDay } from "../format/dates";
import type { Language } from "../i18n/language";
import { useLanguage } from "../i18n/useLanguage";
import { ChartCard } from "../kit/charts/ChartCard";
import type { FlowChart } from "../kit/charts/flow";
import { NothingMatches } from "../kit/EmptyState";
import { plainText } from "../kit/safeText";
import { Choice } from "../reports/views/Choice";
import { stageColor } from "./colors";
import { MONTHS, MONTHS_DEFAULT, type Kind, type LifeCycleSearch } from "./filters";
import { useFlow, type Flow, type Stage } from "./queries";

const HEIGHT = 440;

export interface FlowWords {
  between: string;
  from: string;
  to: string;
  count: string;
  notYet: string;
  stage: (stage: string) => string;
}

/** Who was not there at either end is left out: they would fill the picture and say nothing. */
export function flowChart(flow: Pick<Flow, "months" | "nodes" | "links">, words: FlowWords, mode: ColorMode, language: Language): FlowChart {
  const column = new Map(flow.months.map((month, index) => [month, index]));
  const key = (month: string, stage: string) => `${month}/${stage}`;
  const after = (month: string) => flow.months[(column.get(month) ?? 0) + 1] ?? "";
  const links = flow.links.filter(({ from, to }) => from !== "" || to !== "");
  const shown = new Set(links.flatMap(({ month, from, to }) => [key(month, from), key(after(month), to)]));
  // Of those not seen yet only the ones who came are drawn.
  const came = new Map(flow.months.map((month) => [month, links.filter((link) => link.month === month && link.from === "").reduce((sum, { members }) => sum + members, 0)]));
  return {
    kind: "flow",
    columns: flow.months.map((month) => formatDay(month, language)),
    nodes: flow.nodes
      .filter(({ month, stage }) => shown.has(key(month, stage)))
      .map(({ month, stage, members }) => ({
        key: key(month, stage),
        column: column.get(month) ?? 0,
        name: stage === "" ? words.notYet : words.stage(stage),
        color: stageColor(stage, mode),
        value: stage === "" ? (came.get(month) ?? 0) : members,
      })),
    links: links.map(({ month, from, to, members }) => ({ from: key(month, from), to: key(after(month), to), value: members })),
    words,
  };
}

interface FlowCardProps {
  community: { id: string; name: string };
  stages: Record<Kind, readonly Stage[]> | undefined;
  search: LifeCycleSearch;
  onChange: (change: Record<keyof LifeCycleSearch, unknown>) => void;
}

export function FlowCard({ community, stages, search, onChange }: FlowCardProps) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const { mode } = useColorMode();
  const kind = search.kind ?? "activity";
  const months = search.months ?? MONTHS_DEFAULT;
  const { data, error, refetch } = useFlow(community.id, kind, months);
  const chart = useMemo(() => {
    if (!data || !stages) return undefined;
    const names = new Map(stages[kind].map((one) => [one.stage, one[language]]));
    const words = { between: t("flow.between"), from: t("flow.from"), to: t("flow.to"), count: t("flow.count"), notYet: t("flow.notYet"), stage: (stage: string) => names.get(stage) ?? stage };
    return flowChart(data, words, mode, language);
  }, [data, stages, kind, mode, language, t]);
  return (
    <div>
      <div className="ht-choices">
        <Choice<Kind>
          label={t("flow.kind")}
          value={kind}
          options={[
            { value: "activity", label: t("kind.activity") },
            { value: "purchase", label: t("kind.purchase") },
          ]}
          onChange={(next) => { onChange({ kind: next, months }); }}
        />
        <Choice<string>
          label={t("flow.months")}
          value={String(months)}
          options={MONTHS.map((count) => ({ value: String(count), label: String(count) }))}
          onChange={(next) => { onChange({ kind, months: next }); }}
        />
      </div>
      <ChartCard
        title={t("flow.title")}
        scope={`${plainText(community.name)} · ${t("flow.scope")}`}
        definition={{ text: t("flow.definition") }}
        chart={chart}
        error={error}
        onRetry={() => void refetch()}
        empty={<NothingMatches />}
        height={HEIGHT}
      />
    </div>
  );
}
