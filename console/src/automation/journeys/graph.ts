/** A journey as JSON, the way `hutong/automations/journeys/graph.py` has it: nodes, the edges between their ports, comments, and what holds for the whole. */
import type { Condition, PropertyTest } from "../../segments/editor/language";
import type { DateOf, Trigger } from "../shared/trigger";

export const NODES_MAX = 200;
export const COMMENTS_MAX = 100;
export const BRANCHES_MAX = 20;
export const NAME_LENGTH_MAX = 60;
export const NOTE_LENGTH_MAX = 1_000;
export const WAIT_SECONDS_MAX = 366 * 86_400;
export const [OUT, FAILED, TIMEOUT, OTHERWISE] = ["out", "failed", "timeout", "otherwise"] as const;

interface Base {
  id: string;
  name?: string;
  note?: string;
  x?: number;
  y?: number;
}

export interface Reentry {
  kind?: "never" | "after" | "always";
  days?: number;
}
export interface Awaited {
  id: string;
  event: string;
  where?: PropertyTest[];
  name?: string;
  /** Somebody else's that is addressed to them. */
  to_them?: boolean;
}
export interface Case {
  id: string;
  condition?: Condition | null;
  name?: string;
}
export interface EventCase {
  id: string;
  where?: PropertyTest[];
  name?: string;
}
export interface Arm {
  id: string;
  weight?: number;
  name?: string;
  is_holdout?: boolean;
}
export interface ExitEvent {
  event: string;
  where?: PropertyTest[];
}

export type EntryNode = Base & { kind: "entry"; trigger?: Trigger; condition?: Condition | null; reentry?: Reentry };
export type WaitNode = Base & { kind: "wait"; seconds?: number };
export type WaitTimeNode = Base & { kind: "wait_time"; time?: string; weekdays?: number[] };
export type WaitDateNode = Base & { kind: "wait_date" } & Partial<DateOf>;
export type WaitEventNode = Base & { kind: "wait_event"; events?: Awaited[]; timeout_seconds?: number };
export type BranchNode = Base & { kind: "branch"; cases?: Case[] };
export type EventBranchNode = Base & { kind: "event_branch"; cases?: EventCase[] };
export type SplitNode = Base & { kind: "split"; arms?: Arm[] };
export type ActionNode = Base & { kind: "action"; action?: string; settings?: Record<string, unknown> };
export type LimitNode = Base & { kind: "limit"; people?: number; per?: "minute" | "hour" | "day" };
export type GoToNode = Base & { kind: "go_to"; node?: string };
export type JoinNode = Base & { kind: "join" };
export type GoalNode = Base & { kind: "goal"; event?: string; where?: PropertyTest[]; within_days?: number; ends?: boolean };
export type ExitNode = Base & { kind: "exit" };
export type JourneyNode =
  | EntryNode
  | WaitNode
  | WaitTimeNode
  | WaitDateNode
  | WaitEventNode
  | BranchNode
  | EventBranchNode
  | SplitNode
  | ActionNode
  | LimitNode
  | GoToNode
  | JoinNode
  | GoalNode
  | ExitNode;
export type Kind = JourneyNode["kind"];

export interface Edge {
  source: string;
  target: string;
  /** "out" where it is not said. */
  port?: string;
}

export interface Comment {
  id: string;
  text?: string;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
}

export interface Rules {
  exit_condition?: Condition | null;
  exit_events?: ExitEvent[];
  keeps_quiet?: boolean;
}

/** Empty lists and fields that have their default may be left out. */
export interface Graph {
  nodes?: JourneyNode[];
  edges?: Edge[];
  comments?: Comment[];
  rules?: Rules;
  community?: string | null;
}

/** A graph with every list there, as the editor works on it. */
export interface Drawing {
  nodes: readonly JourneyNode[];
  edges: readonly Required<Edge>[];
  comments: readonly Comment[];
  rules: Rules;
  community: string | null;
}

/** The kinds in the order of the palette, by what they are for. Actions stand apart: each action of the registry is one entry. */
export const KIND_GROUPS = {
  ways: ["entry", "exit", "goal"],
  waits: ["wait", "wait_time", "wait_date", "wait_event"],
  turns: ["branch", "event_branch", "split"],
  flow: ["limit", "join", "go_to"],
} as const satisfies Record<string, readonly Kind[]>;
export type KindGroup = keyof typeof KIND_GROUPS;

export const EMPTY: Drawing = { nodes: [], edges: [], comments: [], rules: {}, community: null };

export const drawingOf = (graph: Graph): Drawing => ({
  nodes: graph.nodes ?? [],
  edges: (graph.edges ?? []).map(({ source, target, port }) => ({ source, target, port: port ?? OUT })),
  comments: graph.comments ?? [],
  rules: graph.rules ?? {},
  community: graph.community ?? null,
});

export const graphOf = ({ nodes, edges, comments, rules, community }: Drawing): Graph => ({ nodes: [...nodes], edges: [...edges], comments: [...comments], rules, community });

/** A segment still to be chosen: the server takes nothing but an id there, and says that there is no such segment. */
const NO_SEGMENT = "00000000-0000-0000-0000-000000000000";

function withSegment(graph: Graph, from: string, to: string): Graph {
  const nodes = (graph.nodes ?? []).map((node): JourneyNode => (node.kind === "entry" && node.trigger?.kind === "segment" && node.trigger.segment === from ? { ...node, trigger: { ...node.trigger, segment: to } } : node));
  return { ...graph, nodes };
}

export const toServer = (graph: Graph): Record<string, unknown> => ({ ...withSegment(graph, "", NO_SEGMENT) });
export const fromServer = (graph: Record<string, unknown>): Graph => withSegment(graph, NO_SEGMENT, "");

/** Ports by which people leave a node, in their order. */
export function portsOf(node: JourneyNode): string[] {
  switch (node.kind) {
    case "go_to":
    case "exit":
      return [];
    case "wait_event":
      return [...(node.events ?? []).map(({ id }) => id), TIMEOUT];
    case "branch":
    case "event_branch":
      return [...(node.cases ?? []).map(({ id }) => id), OTHERWISE];
    case "split":
      return (node.arms ?? []).map(({ id }) => id);
    case "wait_date":
      return [OUT, OTHERWISE];
    case "action":
      return [OUT, FAILED];
    default:
      return [OUT];
  }
}

/** Ports that may stay without an edge: whoever leaves by them ends, or goes on by `out`. */
export const isOptional = (node: JourneyNode, port: string): boolean => (node.kind === "action" && port === FAILED) || (node.kind === "goal" && (node.ends ?? true));

export const takesPeople = ({ kind }: JourneyNode): boolean => kind !== "entry";

export const edgeId = ({ source, port }: { source: string; port?: string }): string => `${source}:${port ?? OUT}`;

const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const ID_LENGTH = 10;

/** Ids of nodes and ports: short, since every step of every person names them. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(ID_LENGTH))].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** A node as it begins: with two cases or arms where it turns, so that there is something to fill in. */
export function newNode(kind: Kind, at: { x: number; y: number }, action?: { name: string; settings: Record<string, unknown> }): JourneyNode {
  const base = { id: newId(), ...at };
  switch (kind) {
    case "entry":
      return { ...base, kind, trigger: { kind: "manual" }, reentry: { kind: "never" } };
    case "wait":
      return { ...base, kind, seconds: 86_400 };
    case "wait_time":
      return { ...base, kind, time: "09:00" };
    case "wait_date":
      return { ...base, kind, attribute: "", time: "09:00" };
    case "wait_event":
      return { ...base, kind, events: [{ id: newId(), event: "" }], timeout_seconds: 86_400 };
    case "branch":
      return { ...base, kind, cases: [{ id: newId(), condition: null }] };
    case "event_branch":
      return { ...base, kind, cases: [{ id: newId(), where: [] }] };
    case "split":
      return { ...base, kind, arms: [{ id: newId(), weight: 90 }, { id: newId(), weight: 10, is_holdout: true }] };
    case "action":
      return { ...base, kind, action: action?.name ?? "", settings: action?.settings ?? {} };
    case "limit":
      return { ...base, kind, people: 100, per: "hour" };
    case "go_to":
      return { ...base, kind, node: "" };
    case "goal":
      return { ...base, kind, event: "", within_days: 30, ends: true };
    default:
      return { ...base, kind };
  }
}
