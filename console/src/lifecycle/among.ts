/** Stages and bands as filters of the member list: those of the one community looked at, and whatever the address names. */
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../app/session";
import { useLanguage } from "../i18n/useLanguage";
import { plainText } from "../kit/safeText";
import type { Option } from "../kit/filters/FilterBar";
import { useBands } from "./queries";

const STAGES = {
  activity: ["new", "returned", "active", "quiet", "lapsed"],
  purchase: ["high_value", "repeat", "first", "potential"],
} as const;
const KINDS = ["activity", "purchase"] as const;

export function useAmongOptions(community: string | undefined, stages: readonly string[], scores: readonly string[]): { stages: Option[]; scores: Option[] } {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const { communities } = useSession();
  const maySee = useMay("segments.read");
  const named = community ?? scores[0]?.split(":")[0] ?? (communities.length === 1 ? communities[0]?.id : undefined);
  const known = communities.some(({ id }) => id === named);
  const { data } = useBands(named ?? "", maySee && known);
  if (!maySee) return { stages: [], scores: [] };
  const place = (id: string) => (id === named ? "" : `${plainText(communities.find((one) => one.id === id)?.name ?? "")} · `);
  const usual = known && named ? named : undefined;
  const all: Option[] = KINDS.flatMap((kind) => STAGES[kind].map((stage) => ({ value: `${kind}:${stage}`, label: t(`stage.${stage}`) })));
  const bands: Option[] = (data?.bands ?? []).map((band) => ({ value: band.band, label: plainText(band[language]) }));
  const rest = (value: string) => value.slice(value.indexOf(":") + 1);
  const own = (id: string, options: Option[]) => options.map(({ value, label }) => ({ value: `${id}:${value}`, label }));
  const other = (values: readonly string[], there: Option[], label: (what: string) => string) =>
    values.filter((value) => !there.some((one) => one.value === value)).map((value) => ({ value, label: place(value.split(":")[0] ?? "") + label(rest(value)) }));
  const [stagesThere, scoresThere] = [usual ? own(usual, all) : [], usual ? own(usual, bands) : []];
  return {
    stages: [...stagesThere, ...other(stages, stagesThere, (what) => all.find(({ value }) => value === what)?.label ?? what)],
    scores: [...scoresThere, ...other(scores, scoresThere, (what) => what.replace(/^([1-5])-([1-5])$/, "R$1 F$2"))],
  };
}
