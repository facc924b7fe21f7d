/** The editor's state: the tree with its history, where the focus is to go, and what was just done, said once. */
import { begin, push, redo, undo, type History } from "./history";
import type { Condition, Limits } from "./language";
import { conditionOf, extent, treeOf, visible, type Tree, type TreeNode } from "./tree";

export type Said = "removed" | "duplicated" | "moved" | "pasted" | "grouped" | "ungrouped" | "copied" | "undone" | "redone" | "tooMany" | "tooDeep" | "notPasted" | "nothingCopied";

/** What to focus: a row's handle, or the part of a row. A new number each time, so that the same place can be asked for again. */
export interface Focus {
  id: string;
  part: string;
  number: number;
  /** Only where the step took away what had the focus. */
  isRescue: boolean;
}

export interface EditorState {
  history: History;
  limits: Limits;
  focus: Focus | null;
  /** `number` tells two of the same apart. */
  said: { what: Said; number: number } | null;
}

/** A change of the tree, where the focus goes then, and what is said of it. */
export interface Change {
  tree: Tree;
  focus?: { id: string; part?: string };
  said?: Said;
}

export type Operation =
  | { kind: "change"; make: (tree: Tree) => Change; field?: string; at: number }
  | { kind: "undo" }
  | { kind: "redo" }
  | { kind: "reset"; condition: Condition; at: number }
  | { kind: "focus"; id: string; part?: string }
  | { kind: "say"; what: Said };

export const initialState = (condition: Condition, limits: Limits): EditorState => ({ history: begin(treeOf(condition)), limits, focus: null, said: null });

const said = (state: EditorState, what: Said): EditorState => ({ ...state, said: { what, number: (state.said?.number ?? 0) + 1 } });
const focused = (state: EditorState, id: string, part = ""): EditorState => ({ ...state, focus: { id, part, number: (state.focus?.number ?? 0) + 1, isRescue: false } });

/** The node that is new or different, where a person looks after undoing: the innermost and last of them. */
function changed(before: Tree, after: Tree): string {
  const known = new Set<TreeNode>(visible(before.root));
  const differing = visible(after.root).filter((node) => !known.has(node));
  return (differing.findLast(({ type }) => type === "row") ?? differing.at(-1))?.id ?? after.root.children[0]?.id ?? after.root.id;
}

/** Refuses what would be too large, unless it was too large before and gets smaller. */
function tooLarge(state: EditorState, tree: Tree): Said | null {
  const { nodes, depth } = extent(conditionOf(tree));
  const before = extent(conditionOf(state.history.tree));
  if (nodes > state.limits.nodes && nodes > before.nodes) return "tooMany";
  return depth > state.limits.depth && depth > before.depth ? "tooDeep" : null;
}

export function reduce(state: EditorState, operation: Operation): EditorState {
  switch (operation.kind) {
    case "change": {
      const change = operation.make(state.history.tree);
      const refused = change.tree === state.history.tree ? null : tooLarge(state, change.tree);
      if (refused) return said(state, refused);
      let next: EditorState = { ...state, history: push(state.history, change.tree, operation.field ?? null, operation.at) };
      if (change.focus) next = focused(next, change.focus.id, change.focus.part);
      return change.said ? said(next, change.said) : next;
    }
    case "undo":
    case "redo": {
      const history = operation.kind === "undo" ? undo(state.history) : redo(state.history);
      if (history === state.history) return state;
      const next = focused({ ...state, history }, changed(state.history.tree, history.tree));
      return said({ ...next, focus: next.focus && { ...next.focus, isRescue: true } }, operation.kind === "undo" ? "undone" : "redone");
    }
    case "reset":
      return { ...state, history: push(state.history, treeOf(operation.condition), null, operation.at) };
    case "focus":
      return focused(state, operation.id, operation.part);
    case "say":
      return said(state, operation.what);
  }
}
