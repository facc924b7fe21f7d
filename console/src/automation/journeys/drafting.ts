/** A drawing while it is edited: what is chosen, and undo and redo. Typing into one field is one step. */
import { addAfter, addBefore, addComment, addNode, connect, disconnect, freePlace, move, paste, put, putComment, remove, type Piece, type Point } from "./edits";
import type { Comment, Drawing, JourneyNode, Rules } from "./graph";
import { arranged } from "./layout";
import { sizeOf } from "./sizes";

const STEPS_MAX = 200;
const TYPING_MILLISECONDS = 1_000;

export type Change =
  | { kind: "add"; node: JourneyNode }
  | { kind: "add_after"; source: string; port?: string | undefined; node: JourneyNode }
  | { kind: "add_before"; target: string; node: JourneyNode }
  | { kind: "connect"; source: string; port: string; target: string }
  | { kind: "disconnect"; edge: string }
  | { kind: "remove"; ids: readonly string[] }
  | { kind: "put"; node: JourneyNode; field?: string }
  | { kind: "put_comment"; comment: Comment; field?: string }
  | { kind: "comment"; comment: Comment }
  | { kind: "rules"; rules: Rules; field?: string }
  | { kind: "community"; community: string | null }
  | { kind: "move"; places: ReadonlyMap<string, Point> }
  | { kind: "arrange" }
  | { kind: "paste"; piece: Piece; by: Point }
  | { kind: "replace"; drawing: Drawing };

export type Operation =
  | (Change & { now: number })
  | { kind: "undo" }
  | { kind: "redo" }
  | { kind: "choose"; ids: readonly string[] }
  | { kind: "load"; drawing: Drawing };

export interface Drafting {
  past: readonly Drawing[];
  drawing: Drawing;
  future: readonly Drawing[];
  /** The field typed into last, and when. */
  typing: { field: string; at: number } | null;
  chosen: readonly string[];
  /** Why the last change did not happen; grows with each refusal, so that the same one is said again. */
  refused: { reason: "full" | "nowhere"; count: number } | null;
}

export const beginning = (drawing: Drawing): Drafting => ({ past: [], drawing, future: [], typing: null, chosen: [], refused: null });

interface Made {
  drawing: Drawing;
  chosen?: readonly string[];
  field?: string | undefined;
}

function made({ drawing }: Drafting, change: Change): Made {
  switch (change.kind) {
    case "add":
      return { drawing: addNode(drawing, { ...change.node, ...freePlace(drawing, { x: change.node.x ?? 0, y: change.node.y ?? 0 }, sizeOf(change.node)) }), chosen: [change.node.id] };
    case "add_after":
      return { drawing: addAfter(drawing, change.source, change.port, change.node), chosen: [change.node.id] };
    case "add_before":
      return { drawing: addBefore(drawing, change.target, change.node), chosen: [change.node.id] };
    case "connect":
      return { drawing: connect(drawing, change.source, change.port, change.target) };
    case "disconnect":
      return { drawing: disconnect(drawing, change.edge) };
    case "remove":
      return { drawing: remove(drawing, new Set(change.ids)), chosen: [] };
    case "put":
      return { drawing: put(drawing, change.node), field: change.field === undefined ? undefined : `${change.node.id}/${change.field}` };
    case "put_comment":
      return { drawing: putComment(drawing, change.comment), field: change.field === undefined ? undefined : `${change.comment.id}/${change.field}` };
    case "comment":
      return { drawing: addComment(drawing, change.comment), chosen: [change.comment.id] };
    case "rules":
      return { drawing: { ...drawing, rules: change.rules }, field: change.field === undefined ? undefined : `rules/${change.field}` };
    case "community":
      return { drawing: { ...drawing, community: change.community } };
    case "move":
      return { drawing: move(drawing, change.places) };
    case "arrange":
      return { drawing: move(drawing, arranged(drawing)) };
    case "paste":
      return { drawing: paste(drawing, change.piece, change.by), chosen: [...change.piece.nodes, ...change.piece.comments].map(({ id }) => id) };
    case "replace":
      return { drawing: change.drawing, chosen: [] };
  }
}

/** Changes that are refused for want of room, or because there is no way in or out; the others may simply change nothing. */
const MUST: ReadonlySet<Change["kind"]> = new Set(["add", "add_after", "add_before", "connect", "paste", "comment"]);

export function drafted(state: Drafting, operation: Operation): Drafting {
  switch (operation.kind) {
    case "undo": {
      const before = state.past.at(-1);
      return before ? { ...kept(state, before), past: state.past.slice(0, -1), drawing: before, future: [state.drawing, ...state.future], typing: null } : state;
    }
    case "redo": {
      const [next, ...rest] = state.future;
      return next ? { ...kept(state, next), past: [...state.past, state.drawing], drawing: next, future: rest, typing: null } : state;
    }
    case "choose":
      return state.chosen.length === operation.ids.length && state.chosen.every((id, index) => id === operation.ids[index]) ? state : { ...state, chosen: operation.ids };
    case "load":
      return beginning(operation.drawing);
    default: {
      const { drawing, chosen, field } = made(state, operation);
      if (drawing === state.drawing) {
        if (!MUST.has(operation.kind)) return state;
        return { ...state, refused: { reason: operation.kind === "connect" ? "nowhere" : "full", count: (state.refused?.count ?? 0) + 1 } };
      }
      const { now } = operation;
      const goesOn = field !== undefined && state.typing?.field === field && now - state.typing.at < TYPING_MILLISECONDS;
      return {
        ...state,
        past: goesOn ? state.past : [...state.past, state.drawing].slice(-STEPS_MAX),
        drawing,
        future: [],
        typing: field === undefined ? null : { field, at: now },
        chosen: chosen ?? state.chosen,
      };
    }
  }
}

/** What is chosen stays so as far as it is there. */
function kept(state: Drafting, drawing: Drawing): Drafting {
  const there = new Set([...drawing.nodes, ...drawing.comments].map(({ id }) => id));
  return { ...state, chosen: state.chosen.filter((id) => there.has(id)) };
}
