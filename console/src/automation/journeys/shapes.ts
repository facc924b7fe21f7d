/** A drawing as React Flow takes it: nodes of known size with known handles, edges with what is said on them. */
import { Position, type Edge as FlowEdge, type Node as FlowNode } from "@xyflow/react";

import type { NodeNumbers, Problem } from "./queries";
import { edgeFrom, nodeOf, placeOf, type Point } from "./edits";
import { edgeId, FAILED, isOptional, portsOf, takesPeople, type Comment, type Drawing, type JourneyNode } from "./graph";
import { placeOfPort, sizeOf } from "./sizes";
import { portName, summaryOf, titleOf, type Lexicon } from "./words";

export interface PortShown {
  id: string;
  name: string;
  /** Nothing follows, and something should. */
  isOpen: boolean;
  isLinked: boolean;
}

export interface StepData extends Record<string, unknown> {
  node: JourneyNode;
  title: string;
  summary: string;
  ports: PortShown[];
  errors: number;
  warnings: number;
  numbers: NodeNumbers | null;
  /** How many would have passed, in a trial. */
  passed: number | null;
  /** On the way of the person that is shown: at which step; null where nobody is shown. */
  visit: "there" | "passed" | "not" | null;
}
export interface CommentData extends Record<string, unknown> {
  comment: Comment;
}
export interface WayData extends Record<string, unknown> {
  isJump: boolean;
  people: number | null;
  isOnPath: boolean;
  source: string;
  port: string;
  name: string;
  /** Said on the line: by the exception, which has no row of its own. */
  label: string;
}
export type StepNode = FlowNode<StepData, "step">;
export type CommentNode = FlowNode<CommentData, "comment">;
export type CanvasNode = StepNode | CommentNode;
export type WayEdge = FlowEdge<WayData, "way">;

/** What lies over the drawing: problems, numbers, a trial, one person's way. */
export interface Overlay {
  problems: readonly Problem[];
  numbers: Readonly<Record<string, NodeNumbers>> | null;
  trial: Readonly<Record<string, number>> | null;
  path: { visited: ReadonlySet<string>; edges: ReadonlySet<string>; at: string | null } | null;
}
export const NOTHING_OVER: Overlay = { problems: [], numbers: null, trial: null, path: null };

export const hasNumbers = ({ numbers, trial }: Overlay): boolean => numbers !== null || trial !== null;

/** What is said of each node, by its id: changes only with the drawing and what lies over it, not while something is dragged. */
export function stepsOf(drawing: Drawing, overlay: Overlay, lexicon: Lexicon): Map<string, StepData> {
  const titles = new Map<string, string>(drawing.nodes.map((node) => [node.id, titleOf(node, lexicon)]));
  return new Map(
    drawing.nodes.map((node) => {
      const own = overlay.problems.filter((one) => one.node === node.id);
      const path = overlay.path;
      const data: StepData = {
        node,
        title: titles.get(node.id) ?? "",
        summary: summaryOf(node, lexicon, (id) => titles.get(id)),
        ports: portsOf(node).map((port) => {
          const isLinked = edgeFrom(drawing, node.id, port) !== undefined;
          return { id: port, name: portName(node, port, lexicon), isLinked, isOpen: !isLinked && !isOptional(node, port) };
        }),
        errors: own.filter(({ is_error }) => is_error).length,
        warnings: own.filter(({ is_error }) => !is_error).length,
        numbers: overlay.numbers?.[node.id] ?? null,
        passed: overlay.trial ? (overlay.trial[node.id] ?? 0) : null,
        visit: path === null ? null : path.at === node.id ? "there" : path.visited.has(node.id) ? "passed" : "not",
      };
      return [node.id, data];
    }),
  );
}

const HANDLE = { width: 12, height: 12 };

function handlesOf(node: JourneyNode, size: { width: number; height: number }) {
  const ports = node.kind === "go_to" ? ["jump"] : portsOf(node);
  return [
    ...(takesPeople(node) ? [{ ...HANDLE, id: "in", type: "target" as const, position: Position.Top, x: size.width / 2 - HANDLE.width / 2, y: -HANDLE.height / 2 }] : []),
    ...ports.map((port, index) => ({ ...HANDLE, id: port, type: "source" as const, position: Position.Bottom, x: size.width * placeOfPort(node, index, ports.length) - HANDLE.width / 2, y: size.height - HANDLE.height / 2 })),
  ];
}

interface Placing {
  drawing: Drawing;
  steps: ReadonlyMap<string, StepData>;
  chosen: ReadonlySet<string>;
  /** Places of what is being dragged now. */
  moving: ReadonlyMap<string, Point & { width?: number; height?: number }>;
  withNumbers: boolean;
  isReadOnly: boolean;
}

export function flowNodes({ drawing, steps, chosen, moving, withNumbers, isReadOnly }: Placing): CanvasNode[] {
  const comments = drawing.comments.map((comment): CommentNode => {
    const { width = 200, height = 100 } = { ...comment, ...moving.get(comment.id) };
    const place = moving.get(comment.id) ?? placeOf(comment);
    return { id: comment.id, type: "comment", position: { x: place.x, y: place.y }, width, height, selected: chosen.has(comment.id), draggable: !isReadOnly, zIndex: 0, data: { comment } };
  });
  const nodes = drawing.nodes.flatMap((node): StepNode[] => {
    const data = steps.get(node.id);
    if (!data) return [];
    const size = sizeOf(node, withNumbers);
    return [{ id: node.id, type: "step", position: moving.get(node.id) ?? placeOf(node), ...size, handles: handlesOf(node, size), selected: chosen.has(node.id), draggable: !isReadOnly, zIndex: 1, data }];
  });
  return [...comments, ...nodes];
}

export function flowEdges(drawing: Drawing, overlay: Overlay, steps: ReadonlyMap<string, StepData>): WayEdge[] {
  const ways = drawing.edges.map((edge): WayEdge => {
    const id = edgeId(edge);
    const counts = overlay.numbers?.[edge.source]?.ports;
    const data = steps.get(edge.source);
    return {
      id,
      type: "way",
      source: edge.source,
      sourceHandle: edge.port,
      target: edge.target,
      targetHandle: "in",
      data: { isJump: false, people: counts ? (counts[edge.port] ?? 0) : null, isOnPath: overlay.path?.edges.has(id) ?? false, source: edge.source, port: edge.port, name: `${data?.title ?? ""} → ${steps.get(edge.target)?.title ?? ""}`, label: edge.port === FAILED ? (data?.ports.find(({ id: port }) => port === FAILED)?.name ?? "") : "" },
    };
  });
  const jumps = drawing.nodes.flatMap((node): WayEdge[] =>
    node.kind === "go_to" && node.node && nodeOf(drawing, node.node)
      ? [{ id: `${node.id}:jump`, type: "way", source: node.id, sourceHandle: "jump", target: node.node, targetHandle: "in", data: { isJump: true, people: null, isOnPath: false, source: node.id, port: "jump", name: "", label: "" } }]
      : [],
  );
  return [...ways, ...jumps];
}
