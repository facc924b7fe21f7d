/** A journey in words: what each node is called, what it does in a line, and what its ports are called. */
import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Language } from "../../i18n/language";
import { useLanguage } from "../../i18n/useLanguage";
import { plainText } from "../../kit/safeText";
import { formatCount } from "../../format/numbers";
import { weekdayNames } from "../../format/dates";
import type { Condition, Leaf } from "../../segments/editor/language";
import { leafName, type Words } from "../../segments/editor/vocabulary";
import { durationOf } from "../shared/duration";
import { useActions } from "../shared/queries";
import { emptyFields } from "../shared/settings";
import type { Trigger } from "../shared/trigger";
import type { ActionKind } from "../shared/types";
import { useWords } from "../shared/useWords";
import { FAILED, OTHERWISE, OUT, TIMEOUT, type Drawing, type JourneyNode } from "./graph";
import { useJourneyNames } from "./queries";
import { saysPorts } from "./sizes";

export type T = TFunction<["journeys", "common"]>;

export interface Lexicon {
  t: T;
  language: Language;
  /** null while they are on their way. */
  words: Words | null;
  actions: readonly ActionKind[];
  /** Names of the journeys that actions of the drawing are about, by id. */
  journeys: Readonly<Record<string, string>>;
}

const SUBJECTS_SHOWN = 2;
const TEXT_SHOWN = 60;

function leaves(condition: Condition): Leaf[] {
  if (condition.kind === "all" || condition.kind === "any") return condition.of.flatMap(leaves);
  return condition.kind === "not" ? leaves(condition.of) : [condition];
}

/** What a condition is about; empty where nothing is chosen yet. */
export function conditionSaid(condition: Condition | null | undefined, { t, words }: Lexicon): string {
  if (!condition) return "";
  const names = leaves(condition).map((leaf) => (words ? leafName(leaf, words) : "")).filter((name) => name !== "");
  const shown = [...new Set(names)];
  if (shown.length === 0) return "";
  const joined = shown.slice(0, SUBJECTS_SHOWN).join(t("journeys:said.and"));
  return shown.length > SUBJECTS_SHOWN ? t("journeys:said.more", { names: joined, count: shown.length }) : joined;
}

export const eventName = (event: string | undefined, { words }: Lexicon): string => (event ? (words?.subjectName("event", event) ?? plainText(event)) : "");

export function durationSaid(seconds: number, { t }: Lexicon): string {
  const { number, unit } = durationOf(seconds);
  return t(`journeys:said.duration.${unit}`, { count: number });
}

const attributeName = (key: string | undefined, { words }: Lexicon): string => (key ? (words?.subjectName("attribute", key) ?? plainText(key)) : "");

function daySaid({ attribute, offset_days = 0, time = "09:00" }: { attribute?: string; offset_days?: number; time?: string }, lexicon: Lexicon): string {
  const { t } = lexicon;
  const name = attributeName(attribute, lexicon);
  if (name === "") return t("journeys:said.unset.attribute");
  const side = offset_days === 0 ? "on" : offset_days < 0 ? "before" : "after";
  return t(`journeys:said.day.${side}`, { name, count: Math.abs(offset_days), time });
}

export function triggerSaid(trigger: Trigger | undefined, lexicon: Lexicon): string {
  const { t, words } = lexicon;
  switch (trigger?.kind) {
    case "event":
      return trigger.event ? t("journeys:said.trigger.event", { name: eventName(trigger.event, lexicon) }) : t("journeys:said.unset.event");
    case "segment": {
      const name = trigger.segment ? words?.subjectName("segment", trigger.segment) : undefined;
      return name === undefined ? t("journeys:said.unset.segment") : t(`journeys:said.trigger.${trigger.way ?? "entered"}`, { name });
    }
    case "schedule":
      return t(`journeys:said.trigger.timing.${trigger.timing.kind}`, { time: trigger.timing.time });
    case "date":
      return daySaid(trigger, lexicon);
    default:
      return t("journeys:said.trigger.manual");
  }
}

const PERSONAL_FIELD = /\{\{([^}|]*)(?:\|([^}]*))?\}\}/gu;

/** A text as it would read to somebody of whom nothing is known. */
const readable = (text: string): string => plainText(text).replace(PERSONAL_FIELD, (_whole, name: string, fallback?: string) => fallback || `[${name}]`).replace(/\s+/gu, " ").slice(0, TEXT_SHOWN);

/** The first thing in the settings that tells one use of an action from another. */
function settingsSaid(action: ActionKind, settings: Readonly<Record<string, unknown>>, { words, journeys }: Lexicon): string {
  for (const { kind, name } of action.fields) {
    const value = settings[name];
    if (kind === "message" && Array.isArray(value)) {
      const text = (value as { text?: string; name?: string; title?: string }[]).map((part) => part.text || part.title || part.name || "").find((one) => one !== "");
      if (text) return readable(text);
    } else if ((kind === "tag" || kind === "attribute" || kind === "segment") && typeof value === "string" && value !== "") return words?.subjectName(kind, value) ?? "";
    else if (kind === "journey" && typeof value === "string") return plainText(journeys[value] ?? "");
    else if (kind === "event" && typeof value === "string" && value !== "") return words?.subjectName("event", value) ?? plainText(value);
    else if ((kind === "text" || kind === "long_text") && typeof value === "string" && value.trim() !== "") return readable(value);
  }
  return "";
}

const LETTERS = "ABCDEFGHIJKLMNOPQRST";

export const armName = ({ name, is_holdout }: { name?: string; is_holdout?: boolean }, index: number, { t }: Pick<Lexicon, "t">): string => (name ? plainText(name) : is_holdout ? t("journeys:said.holdout") : (LETTERS[index] ?? ""));

export function titleOf(node: JourneyNode, { t, actions, language }: Lexicon): string {
  if (node.name) return plainText(node.name);
  if (node.kind !== "action") return t(`journeys:kind.${node.kind}`);
  return actions.find(({ name }) => name === node.action)?.[language] ?? t("journeys:kind.action");
}

/** One line of what a node does. */
export function summaryOf(node: JourneyNode, lexicon: Lexicon, titleOfNode: (id: string) => string | undefined): string {
  const { t, language, actions } = lexicon;
  switch (node.kind) {
    case "entry":
      return triggerSaid(node.trigger, lexicon);
    case "wait":
      return durationSaid(node.seconds ?? 86_400, lexicon);
    case "wait_time": {
      const days = node.weekdays ?? [];
      const names = weekdayNames(language);
      const time = node.time ?? "09:00";
      return days.length === 0 || days.length === 7 ? t("journeys:said.time", { time }) : t("journeys:said.timeOn", { time, days: days.map((day) => names[day - 1]).join(language === "zh" ? "、" : ", ") });
    }
    case "wait_date":
      return daySaid(node, lexicon);
    case "wait_event": {
      const names = (node.events ?? []).map((one) => one.name || eventName(one.event, lexicon)).filter((name) => name !== "");
      const within = durationSaid(node.timeout_seconds ?? 86_400, lexicon);
      return names.length === 0 ? t("journeys:said.unset.event") : t("journeys:said.event", { names: names.join(t("journeys:said.or")), within });
    }
    case "branch":
    case "event_branch":
      return t("journeys:said.ways", { count: (node.cases ?? []).length + 1 });
    case "split":
      return (node.arms ?? []).map((arm, index) => `${armName(arm, index, lexicon)} ${arm.weight ?? 50}%`).join(" · ");
    case "action": {
      const action = actions.find(({ name }) => name === node.action);
      if (!action) return node.action ? plainText(node.action) : t("journeys:said.unset.action");
      const settings = node.settings ?? {};
      return settingsSaid(action, settings, lexicon) || (node.name || emptyFields(action.fields, settings).length === 0 ? action[language] : t("journeys:said.unset.settings"));
    }
    case "limit":
      return t(`journeys:said.per.${node.per ?? "hour"}`, { count: node.people ?? 100, shown: formatCount(node.people ?? 100) });
    case "go_to":
      return node.node ? t("journeys:said.goTo", { name: titleOfNode(node.node) ?? t("journeys:said.gone") }) : t("journeys:said.unset.node");
    case "join":
      return t("journeys:said.join");
    case "goal":
      return node.event ? t("journeys:said.goal", { name: eventName(node.event, lexicon), count: node.within_days ?? 30 }) : t("journeys:said.goalHere");
    case "exit":
      return t("journeys:said.exit");
  }
}

/** Whether it tells something by which port somebody left: where there is only one, it does not. */
export const saysPort = (node: JourneyNode): boolean => saysPorts(node) && node.kind !== "action";

export function portName(node: JourneyNode, port: string, lexicon: Lexicon): string {
  const { t } = lexicon;
  if (port === TIMEOUT) return t("journeys:port.timeout");
  if (port === FAILED) return t("journeys:port.failed");
  if (port === OTHERWISE) return t(node.kind === "wait_date" ? "journeys:port.noDate" : "journeys:port.otherwise");
  if (port === OUT) return t(node.kind === "action" ? "journeys:port.done" : "journeys:port.out");
  switch (node.kind) {
    case "wait_event": {
      const one = node.events?.find(({ id }) => id === port);
      return one?.name || eventName(one?.event, lexicon) || t("journeys:said.unset.event");
    }
    case "branch": {
      const index = (node.cases ?? []).findIndex(({ id }) => id === port);
      const one = node.cases?.[index];
      return one?.name || conditionSaid(one?.condition, lexicon) || t("journeys:port.case", { number: index + 1 });
    }
    case "event_branch": {
      const index = (node.cases ?? []).findIndex(({ id }) => id === port);
      return node.cases?.[index]?.name || t("journeys:port.case", { number: index + 1 });
    }
    case "split": {
      const index = (node.arms ?? []).findIndex(({ id }) => id === port);
      const arm = node.arms?.[index];
      return arm ? `${armName(arm, index, lexicon)} ${arm.weight ?? 50}%` : port;
    }
    default:
      return port;
  }
}

/** The journeys that a drawing's actions let people into or take them out of, each once. */
function journeysOf({ nodes }: Drawing, actions: readonly ActionKind[]): string[] {
  const chosen = nodes.flatMap((node) => {
    if (node.kind !== "action") return [];
    const fields = actions.find(({ name }) => name === node.action)?.fields ?? [];
    return fields.filter(({ kind }) => kind === "journey").map(({ name }) => node.settings?.[name]);
  });
  return [...new Set(chosen.filter((one): one is string => typeof one === "string" && one !== ""))];
}

const NONE: readonly ActionKind[] = [];

export function useLexicon(drawing: Drawing): Lexicon {
  const { t } = useTranslation(["journeys", "common"]);
  const language = useLanguage();
  const { words } = useWords();
  const { data } = useActions();
  const actions = data?.items ?? NONE;
  const journeys = useJourneyNames(journeysOf(drawing, actions));
  return useMemo(() => ({ t, language, words, actions, journeys }), [t, language, words, actions, journeys]);
}
