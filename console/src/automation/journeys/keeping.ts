/** A draft is never lost: every change is in this browser at once and on the server a moment later, whatever fails in between. */
import { readStored, writeStored } from "../../design/storage";
import { drawingOf, graphOf, type Drawing, type Graph } from "./graph";

const PAUSE_MILLISECONDS = 800;
const RETRY_MILLISECONDS = [2_000, 5_000, 15_000, 60_000] as const;

export interface Local {
  graph: Graph;
  /** What the changes rest on. */
  revision: number;
  at: string;
}

const placeOf = (workspace_id: string, journey_id: string): string => `hutong.journey.${workspace_id}.${journey_id}`;

export function localDraft(workspace_id: string, journey_id: string): Local | null {
  const text = readStored(placeOf(workspace_id, journey_id));
  if (text === null) return null;
  try {
    const found = JSON.parse(text) as Partial<Local> | null;
    return found && typeof found.revision === "number" && typeof found.at === "string" && typeof found.graph === "object" ? (found as Local) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export const sameDrawing = (one: Drawing, other: Drawing): boolean => JSON.stringify(one) === JSON.stringify(other);

export type SaveState =
  | { kind: "saved"; at: string | null }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "failed"; error: unknown }
  | { kind: "conflict"; by: string; revision: number };

export interface Keeping<Answer> {
  state: SaveState;
  revision: number;
  answer: Answer | null;
}

/** What the server said to a draft: kept, or somebody else's is there. */
export type Put<Answer> = (graph: Graph, revision: number) => Promise<{ kept: Answer & { revision: number } } | { changed: { by: string; revision: number } }>;

interface KeeperOptions<Answer> {
  workspace_id: string;
  journey_id: string;
  revision: number;
  put: Put<Answer>;
  now?: () => Date;
}

export interface Keeper<Answer> {
  snapshot: () => Keeping<Answer>;
  subscribe: (listener: () => void) => () => void;
  /** The drawing as it is now. */
  changed: (drawing: Drawing) => void;
  /** Without waiting for a pause. */
  flush: () => Promise<void>;
  /** Somebody else's draft is known: the next save rests on it. */
  rest: (revision: number, drawing: Drawing | null) => void;
}

export function keeper<Answer>({ workspace_id, journey_id, revision, put, now = () => new Date() }: KeeperOptions<Answer>): Keeper<Answer> {
  const place = placeOf(workspace_id, journey_id);
  const listeners = new Set<() => void>();
  let keeping: Keeping<Answer> = { state: { kind: "saved", at: null }, revision, answer: null };
  let latest: Drawing | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let under: Promise<void> | null = null;
  let failures = 0;

  const tell = (next: Partial<Keeping<Answer>>) => {
    keeping = { ...keeping, ...next };
    for (const listener of listeners) listener();
  };

  const later = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), milliseconds);
  };

  async function send(drawing: Drawing): Promise<void> {
    tell({ state: { kind: "saving" } });
    try {
      const answer = await put(graphOf(drawing), keeping.revision);
      if ("changed" in answer) {
        tell({ state: { kind: "conflict", ...answer.changed } });
        return;
      }
      failures = 0;
      tell({ revision: answer.kept.revision, answer: answer.kept });
      if (latest !== drawing) {
        keepHere();
        tell({ state: { kind: "waiting" } });
        later(PAUSE_MILLISECONDS);
        return;
      }
      latest = null;
      writeStored(place, null);
      tell({ state: { kind: "saved", at: now().toISOString() } });
    } catch (error) {
      tell({ state: { kind: "failed", error } });
      later(RETRY_MILLISECONDS[Math.min(failures, RETRY_MILLISECONDS.length - 1)] ?? PAUSE_MILLISECONDS);
      failures += 1;
    }
  }

  async function save(): Promise<void> {
    clearTimeout(timer);
    if (under) await under;
    if (latest === null || keeping.state.kind === "conflict") return;
    under = send(latest).finally(() => {
      under = null;
    });
    await under;
  }

  function keepHere(): void {
    if (latest !== null) writeStored(place, JSON.stringify({ graph: graphOf(latest), revision: keeping.revision, at: now().toISOString() } satisfies Local));
  }

  return {
    snapshot: () => keeping,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed(drawing) {
      latest = drawing;
      keepHere();
      if (keeping.state.kind === "conflict") return;
      if (keeping.state.kind !== "saving") tell({ state: { kind: "waiting" } });
      if (!under) later(PAUSE_MILLISECONDS);
    },
    flush: save,
    rest(next, drawing) {
      tell({ revision: next, state: drawing ? { kind: "waiting" } : { kind: "saved", at: null } });
      latest = drawing;
      if (drawing) {
        keepHere();
        later(0);
      } else writeStored(place, null);
    },
  };
}

/** What to begin with: the server's draft, or what this browser has that the server has not. */
export function startOf(draft: Graph, revision: number, local: Local | null): { drawing: Drawing; restored: "same" | "older" | null } {
  const theirs = drawingOf(draft);
  if (local === null) return { drawing: theirs, restored: null };
  const mine = drawingOf(local.graph);
  if (sameDrawing(mine, theirs)) return { drawing: theirs, restored: null };
  return { drawing: mine, restored: local.revision === revision ? "same" : "older" };
}
