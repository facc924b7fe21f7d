/** Undo and redo of a tree. Typing into one field is one step. */
import type { Tree } from "./tree";

const STEPS_MAX = 200;
const TYPING_MILLISECONDS = 1_000;

export interface History {
  past: readonly Tree[];
  tree: Tree;
  future: readonly Tree[];
  /** The field typed into last, and when. */
  typing: { field: string; at: number } | null;
}

export const begin = (tree: Tree): History => ({ past: [], tree, future: [], typing: null });

/** `field` names what is typed into; changes without one stand alone. */
export function push(history: History, tree: Tree, field: string | null, now: number): History {
  if (tree === history.tree) return history;
  const goesOn = field !== null && history.typing?.field === field && now - history.typing.at < TYPING_MILLISECONDS;
  return {
    past: goesOn ? history.past : [...history.past, history.tree].slice(-STEPS_MAX),
    tree,
    future: [],
    typing: field === null ? null : { field, at: now },
  };
}

export function undo(history: History): History {
  const before = history.past.at(-1);
  return before ? { past: history.past.slice(0, -1), tree: before, future: [history.tree, ...history.future], typing: null } : history;
}

export function redo(history: History): History {
  const [next, ...rest] = history.future;
  return next ? { past: [...history.past, history.tree], tree: next, future: rest, typing: null } : history;
}
