/** Everything that can be put on the canvas: found by typing, chosen by a click, by Enter, or dragged. */
import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { matches, searchText } from "../../segments/editor/search";
import { KINDS } from "../shared/ActionPicker";
import { newSettings } from "../shared/settings";
import type { ActionKind } from "../shared/types";
import { KIND_GROUPS, newNode, type JourneyNode, type Kind } from "./graph";
import { StepIcon } from "./icons";
import type { Point } from "./edits";
import type { Lexicon } from "./words";

/** What a drag from the palette carries. */
export const DRAGGED = "application/x-hutong-step";

export interface Choice {
  kind: Kind;
  action?: string;
}

export function nodeOfChoice({ kind, action }: Choice, at: Point, actions: readonly ActionKind[]): JourneyNode {
  const found = actions.find(({ name }) => name === action);
  return newNode(kind, at, found ? { name: found.name, settings: { ...newSettings(found) } } : undefined);
}

export function readChoice(text: string): Choice | null {
  if (text === "") return null;
  const found = JSON.parse(text) as Partial<Choice>;
  return typeof found.kind === "string" ? { kind: found.kind, ...(typeof found.action === "string" ? { action: found.action } : {}) } : null;
}

interface StepChoiceProps {
  lexicon: Lexicon;
  onChoose: (choice: Choice) => void;
  /** Kinds that do not fit where it is put: an entry behind something. */
  without?: readonly Kind[];
  draggable?: boolean;
  autoFocus?: boolean;
}

interface Item extends Choice {
  label: string;
  hint: string;
  search: string;
  found: ActionKind | undefined;
  isAllowed: boolean;
}

const NONE: readonly Kind[] = [];
const GROUPS = ["ways", "waits", "turns", "flow"] as const;

export function StepChoice({ lexicon, onChoose, without = NONE, draggable = false, autoFocus = false }: StepChoiceProps) {
  const { t } = useTranslation(["journeys", "automation", "common"]);
  const id = useId();
  const [typed, setTyped] = useState("");
  const { actions, language } = lexicon;
  const own = (kind: Kind): Item => ({ kind, label: t(`kind.${kind}`), hint: t(`about.${kind}`), search: searchText(t(`kind.${kind}`), t(`about.${kind}`), kind), found: undefined, isAllowed: true });
  const ofAction = (one: ActionKind): Item => ({ kind: "action", action: one.name, label: one[language], hint: one.is_allowed ? "" : t("automation:actions.notAllowed"), search: searchText(one.zh, one.en, one.name), found: one, isAllowed: one.is_allowed });
  const sections: { key: string; title: string; items: Item[] }[] = [
    { key: GROUPS[0], title: t("palette.ways"), items: KIND_GROUPS.ways.map(own) },
    ...KINDS.map((kind) => ({ key: kind, title: t(`automation:actions.kinds.${kind}`), items: actions.filter((one) => one.kind === kind).map(ofAction) })),
    ...GROUPS.slice(1).map((group) => ({ key: group, title: t(`palette.${group}`), items: KIND_GROUPS[group].map(own) })),
  ];
  const shown = sections
    .map((section) => ({ ...section, items: section.items.filter((item) => !without.includes(item.kind) && (typed.trim() === "" || matches(item.search, typed))) }))
    .filter(({ items }) => items.length > 0);
  const first = shown.flatMap(({ items }) => items).find(({ isAllowed }) => isAllowed);
  return (
    <div className="ht-jp">
      <Input
        prefix={<SearchOutlined aria-hidden />}
        aria-label={t("palette.search")}
        placeholder={t("palette.search")}
        autoFocus={autoFocus}
        allowClear
        value={typed}
        onChange={(event) => { setTyped(event.target.value); }}
        onPressEnter={() => { if (first && typed.trim() !== "") onChoose(first); }}
      />
      <div className="ht-jp-list" tabIndex={-1}>
        {shown.map(({ key, title, items }) => (
          <section key={key} aria-labelledby={`${id}-${key}`}>
            <h3 id={`${id}-${key}`}>{title}</h3>
            <ul>
              {items.map((item) => (
                <li key={`${item.kind}:${item.action ?? ""}`}>
                  <button
                    type="button"
                    className="ht-jp-item"
                    disabled={!item.isAllowed}
                    title={item.hint || undefined}
                    draggable={draggable && item.isAllowed}
                    onDragStart={(event) => {
                      event.dataTransfer.setData(DRAGGED, JSON.stringify({ kind: item.kind, ...(item.action ? { action: item.action } : {}) }));
                      event.dataTransfer.effectAllowed = "copy";
                    }}
                    onClick={() => { onChoose(item); }}
                  >
                    <StepIcon kind={item.kind} action={item.found} />
                    <span>
                      {item.label}
                      {item.isAllowed ? null : <span className="ht-secondary"> {item.hint}</span>}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {shown.length === 0 ? <p className="ht-secondary" role="status">{t("palette.nothing")}</p> : null}
      </div>
    </div>
  );
}
