/** Builds a condition without a line of code: nested groups, rows that read as sentences, everything by keyboard and by finger. */
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { localDay } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import * as act from "./actions";
import { EditingContext, type Editing, type RowPlace, type ValueSource } from "./context";
import "./editor.css";
import { Group, type Walk } from "./Group";
import type { Condition, Vocabulary } from "./language";
import { placeOf, type Problem } from "./problems";
import { initialState, reduce, type Focus } from "./state";
import { Toolbar } from "./Toolbar";
import { ancestors, conditionOf, find, numbers, visible, type Tree, type TreeNode } from "./tree";
import { wordsOf } from "./vocabulary";

interface ConditionEditorProps {
  /** Rows still being written are in it too (as `{"kind": "unset"}` or without a value), so that a draft keeps them. */
  value: Condition;
  onChange: (condition: Condition) => void;
  vocabulary: Vocabulary;
  /** As the server said them of this value. Each goes away when its row is changed. */
  problems?: readonly Problem[];
  /** A new number sends the focus to the first problem. */
  attention?: number;
  disabled?: boolean;
  /** Real values to choose from; without it values are only typed. */
  values?: ValueSource | null;
  /** The zone of the days conditions are about. */
  zone?: string;
}

const NO_PROBLEMS: readonly Problem[] = [];
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

interface Placed {
  problems: readonly Problem[];
  at: ReadonlyMap<string, { node: TreeNode; own: RowPlace["problems"] }>;
}

/** Each problem at its node as it was when the problem was told. */
function placed(tree: Tree, problems: readonly Problem[]): Placed {
  const at = new Map<string, { node: TreeNode; own: { part: string; message: string }[] }>();
  for (const { field, message } of problems) {
    const { id, part } = placeOf(tree, field);
    const node = find(tree, id);
    if (!node) continue;
    const entry = at.get(id) ?? { node, own: [] };
    entry.own.push({ part, message });
    at.set(id, entry);
  }
  return { problems, at };
}

const FOCUSABLE = "input:not([type=hidden]):not(:disabled), button:not(:disabled), select, textarea";

/** The control of a part, or of the part around it; else the subject; else the handle. */
function controlOf(node: HTMLElement, part: string): HTMLElement | null {
  const all = (selector: string) => [...node.querySelectorAll<HTMLElement>(selector)].filter((one) => one.closest("[data-node]") === node);
  const own = (selector: string) => all(selector)[0];
  const parts = all("[data-part]");
  if (part === act.SUBJECT) return own(".ht-ce-subject")?.querySelector<HTMLElement>(FOCUSABLE) ?? null;
  for (let wanted = part; wanted !== ""; wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf("/")))) {
    const found = parts.find(({ dataset }) => dataset.part === wanted) ?? parts.find(({ dataset }) => dataset.part?.startsWith(`${wanted}/`));
    const control = found?.querySelector<HTMLElement>(FOCUSABLE);
    if (control) return control;
  }
  return own("[data-handle]") ?? null;
}

/** Nowhere, or on a handle: no field is being written in. */
const isAdrift = (element: Element | null) => element === document.body || (element instanceof HTMLElement && element.dataset.handle !== undefined);

function useFocus(focus: Focus | null, root: string) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!focus || !frame.current || (focus.isRescue && !isAdrift(document.activeElement))) return;
    const node = frame.current.querySelector<HTMLElement>(`[data-node="${focus.id}"]`);
    const target = node ? controlOf(node, focus.part) : frame.current.querySelector<HTMLElement>(`[data-foot="${root}"] button`);
    target?.focus();
  }, [focus, root]);
  return frame;
}

export function ConditionEditor(props: ConditionEditorProps) {
  const { value, onChange, vocabulary, problems = NO_PROBLEMS, attention = 0, disabled = false, values = null, zone = "UTC" } = props;
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const [state, run] = useReducer(reduce, null, () => initialState(value, vocabulary.limits));
  const { tree } = state.history;
  const [known, setKnown] = useState(value);
  const [current, setCurrent] = useState("");
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [before, setTold] = useState<Placed>(() => placed(tree, problems));
  const [heeded, setHeeded] = useState(attention);
  const frame = useFocus(state.focus, tree.root.id);

  // What came from elsewhere, such as an older version, is one more step that can be undone.
  if (value !== known) {
    setKnown(value);
    if (!same(conditionOf(tree), value)) run({ kind: "reset", condition: value, at: 0 });
  }
  const told = problems === before.problems ? before : placed(tree, problems);
  if (told !== before) setTold(told);

  const tell = useRef(onChange);
  const sent = useRef(tree);
  const now = useRef(tree);
  const seen = useRef(folded);
  useEffect(() => {
    tell.current = onChange;
    now.current = tree;
    seen.current = folded;
  });
  useEffect(() => {
    if (sent.current === tree) return;
    sent.current = tree;
    tell.current(conditionOf(tree));
  }, [tree]);

  const shown = useMemo(() => {
    const found = new Map<string, RowPlace["problems"]>();
    for (const [id, { node, own }] of told.at) {
      const today = find(tree, id);
      // A row stays wrong until it is changed; a group until its own kind is.
      if (today && (today === node || (today.type === "group" && node.type === "group" && today.join === node.join && today.children.length === node.children.length))) found.set(id, own);
    }
    return found;
  }, [told, tree]);

  if (attention !== heeded) {
    setHeeded(attention);
    const first = [tree.root, ...visible(tree.root)].find(({ id }) => told.at.has(id));
    if (first) {
      const around = ancestors(tree, first.id);
      if (around.some((id) => folded.has(id))) setFolded(new Set([...folded].filter((id) => !around.includes(id))));
      run({ kind: "focus", id: first.id, part: told.at.get(first.id)?.own[0]?.part ?? "" });
    }
  }

  const words = useMemo(() => wordsOf(vocabulary, language), [vocabulary, language]);
  const editing = useMemo<Editing>(() => ({ words, disabled, today: localDay(new Date(), zone), values, run }), [words, disabled, zone, values]);
  const treeNow = useCallback(() => now.current, []);
  const onWalk = useCallback<Walk["onWalk"]>((id, to) => {
    const order = visible(now.current.root, seen.current);
    const at = order.findIndex((node) => node.id === id);
    const target = order[to === "first" ? 0 : to === "last" ? order.length - 1 : to === "next" ? at + 1 : at - 1];
    if (target) run({ kind: "focus", id: target.id });
  }, []);
  const onFold = useCallback((id: string, fold: boolean) => {
    setFolded((before) => new Set(fold ? [...before, id] : [...before].filter((one) => one !== id)));
  }, []);
  const walk: Walk = {
    treeNow,
    onWalk,
    onFold,
    onCurrent: setCurrent,
    current: find(tree, current) && current !== tree.root.id ? current : (tree.root.children[0]?.id ?? ""),
    numbers: useMemo(() => numbers(tree), [tree]),
    problems: shown,
    folded,
    opening: state.focus?.part === act.SUBJECT ? state.focus.id : null,
  };
  const rootProblems = shown.get(tree.root.id);

  return (
    <EditingContext value={editing}>
      <div
        ref={frame}
        className="ht-ce"
        onKeyDown={(event) => {
          if (!(event.ctrlKey || event.metaKey) || event.altKey || disabled) return;
          const key = event.key.toLowerCase();
          if (key !== "z" && key !== "y") return;
          event.preventDefault();
          run({ kind: key === "y" || event.shiftKey ? "redo" : "undo" });
        }}
      >
        <p id="ht-ce-keys" className="ht-visually-hidden">
          {t("editor.keysSaid")}
        </p>
        <Toolbar state={state} />
        <Group node={tree.root} name="" walk={walk} />
        {rootProblems ? (
          <ul className="ht-ce-problems">
            {rootProblems.map(({ part, message }) => (
              <li key={`${part} ${message}`}>{message}</li>
            ))}
          </ul>
        ) : null}
      </div>
    </EditingContext>
  );
}
