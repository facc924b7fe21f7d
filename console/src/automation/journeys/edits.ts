/** Every change of a drawing: pure, each gives the drawing after it. What may not be gives the drawing as it was. */
import { COMMENTS_MAX, edgeId, newId, NODES_MAX, portsOf, takesPeople, type Arm, type Awaited, type Case, type Comment, type Drawing, type Edge, type EventCase, type JourneyNode } from "./graph";
import { NODE_GAP, placeOfPort, sizeOf } from "./sizes";

export interface Point {
  x: number;
  y: number;
}

export const placeOf = ({ x = 0, y = 0 }: { x?: number; y?: number }): Point => ({ x, y });
export const nodeOf = (drawing: Drawing, id: string): JourneyNode | undefined => drawing.nodes.find((node) => node.id === id);
export const edgeFrom = (drawing: Drawing, source: string, port: string): Required<Edge> | undefined => drawing.edges.find((edge) => edge.source === source && edge.port === port);

/** Edges whose ends are there: those of a port that has gone are dropped with it. */
function sound(drawing: Drawing): Drawing {
  const nodes = new Map(drawing.nodes.map((node) => [node.id, node]));
  const edges = drawing.edges.filter(({ source, target, port }) => {
    const [from, to] = [nodes.get(source), nodes.get(target)];
    return from !== undefined && to !== undefined && takesPeople(to) && portsOf(from).includes(port);
  });
  return edges.length === drawing.edges.length ? drawing : { ...drawing, edges };
}

/** The first port that leads nowhere yet; else the first of all. */
export function freePort(drawing: Drawing, node: JourneyNode): string | undefined {
  const ports = portsOf(node);
  return ports.find((port) => edgeFrom(drawing, node.id, port) === undefined) ?? ports[0];
}

/** Below a node, and beside whatever is there already. */
export function placeBelow(drawing: Drawing, node: JourneyNode, wanted: JourneyNode, port?: string): Point {
  const size = sizeOf(node);
  const own = sizeOf(wanted);
  const ports = portsOf(node);
  const index = port === undefined ? 0 : Math.max(0, ports.indexOf(port));
  const middle = (node.x ?? 0) + size.width * placeOfPort(node, index, ports.length);
  const place = { x: middle - own.width / 2, y: (node.y ?? 0) + size.height + NODE_GAP.y };
  return freePlace(drawing, place, own);
}

const overlaps = (one: Point & { width: number; height: number }, other: Point & { width: number; height: number }): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

/** The place itself, or the next to the right where nothing stands. */
export function freePlace(drawing: Drawing, place: Point, size: { width: number; height: number }): Point {
  const taken = drawing.nodes.map((node) => ({ ...placeOf(node), ...sizeOf(node) }));
  let found = place;
  for (let tries = 0; tries <= taken.length; tries++) {
    const at = { ...found, ...size };
    const other = taken.find((one) => overlaps(at, one));
    if (!other) break;
    found = { x: other.x + other.width + NODE_GAP.x, y: found.y };
  }
  return found;
}

export function addNode(drawing: Drawing, node: JourneyNode): Drawing {
  return drawing.nodes.length >= NODES_MAX ? drawing : { ...drawing, nodes: [...drawing.nodes, node] };
}

/** A port leads to one node: an edge that was there goes to the new one. */
export function connect(drawing: Drawing, source: string, port: string, target: string): Drawing {
  const [from, to] = [nodeOf(drawing, source), nodeOf(drawing, target)];
  if (!from || !to || !takesPeople(to) || !portsOf(from).includes(port)) return drawing;
  if (edgeFrom(drawing, source, port)?.target === target) return drawing;
  return { ...drawing, edges: [...drawing.edges.filter((edge) => edge.source !== source || edge.port !== port), { source, port, target }] };
}

export function disconnect(drawing: Drawing, id: string): Drawing {
  const edges = drawing.edges.filter((edge) => edgeId(edge) !== id);
  return edges.length === drawing.edges.length ? drawing : { ...drawing, edges };
}

/** Everything that is not in sight of `from` and below it moves down to make room. */
function lowered(drawing: Drawing, from: number, by: number, except: string): Drawing {
  if (by <= 0) return drawing;
  return { ...drawing, nodes: drawing.nodes.map((node) => (node.id !== except && (node.y ?? 0) >= from ? { ...node, y: (node.y ?? 0) + by } : node)) };
}

/** A new node behind a port; what the port led to comes behind the new one. */
export function addAfter(drawing: Drawing, source: string, port: string | undefined, node: JourneyNode): Drawing {
  const from = nodeOf(drawing, source);
  if (!from || drawing.nodes.length >= NODES_MAX || !takesPeople(node)) return drawing;
  const way = port ?? freePort(drawing, from);
  if (way === undefined) return addNode(drawing, { ...node, ...placeBelow(drawing, from, node) });
  const before = edgeFrom(drawing, source, way);
  const target = before ? nodeOf(drawing, before.target) : undefined;
  const [onward] = portsOf(node);
  if (!before || !target) {
    const placed = { ...node, ...placeBelow(drawing, from, node, way) };
    return connect(addNode(drawing, placed), source, way, node.id);
  }
  const size = sizeOf(node);
  const top = (from.y ?? 0) + sizeOf(from).height + NODE_GAP.y;
  const room = (target.y ?? 0) > (from.y ?? 0) ? top + size.height + NODE_GAP.y - (target.y ?? 0) : 0;
  const placed = { ...node, x: (target.x ?? 0) + sizeOf(target).width / 2 - size.width / 2, y: top };
  let next = lowered(drawing, target.y ?? 0, room, source);
  next = connect(addNode(next, placed), source, way, node.id);
  return onward === undefined ? next : connect(next, node.id, onward, target.id);
}

/** A new node before another: every edge that led there leads to the new one. */
export function addBefore(drawing: Drawing, target: string, node: JourneyNode): Drawing {
  const to = nodeOf(drawing, target);
  const [onward] = portsOf(node);
  if (!to || !takesPeople(to) || !takesPeople(node) || onward === undefined || drawing.nodes.length >= NODES_MAX) return drawing;
  const size = sizeOf(node);
  const placed = { ...node, x: (to.x ?? 0) + sizeOf(to).width / 2 - size.width / 2, y: to.y ?? 0 };
  const moved = lowered(drawing, to.y ?? 0, size.height + NODE_GAP.y, node.id);
  const edges = moved.edges.map((edge) => (edge.target === target ? { ...edge, target: node.id } : edge));
  return connect(addNode({ ...moved, edges }, placed), node.id, onward, target);
}

/** Takes out nodes and comments. Where one stood between two, its neighbours are connected again. */
export function remove(drawing: Drawing, ids: ReadonlySet<string>): Drawing {
  const nodes = drawing.nodes.filter(({ id }) => !ids.has(id)).map((node) => (node.kind === "go_to" && node.node && ids.has(node.node) ? { ...node, node: "" } : node));
  const comments = drawing.comments.filter(({ id }) => !ids.has(id));
  if (nodes.length === drawing.nodes.length && comments.length === drawing.comments.length) return drawing;
  const onward = (id: string): string | undefined => {
    const seen = new Set<string>();
    let at: string | undefined = id;
    while (at !== undefined && ids.has(at) && !seen.has(at)) {
      seen.add(at);
      const gone = nodeOf(drawing, at);
      const [only, ...more]: string[] = gone ? portsOf(gone).filter((port) => edgeFrom(drawing, gone.id, port)) : [];
      at = only !== undefined && more.length === 0 ? edgeFrom(drawing, at, only)?.target : undefined;
    }
    return at !== undefined && !ids.has(at) ? at : undefined;
  };
  const edges = drawing.edges.flatMap((edge) => {
    if (ids.has(edge.source)) return [];
    if (!ids.has(edge.target)) return [edge];
    const target = onward(edge.target);
    return target === undefined || target === edge.source ? [] : [{ ...edge, target }];
  });
  return sound({ ...drawing, nodes, comments, edges });
}

/** Another node in the place of one with its id: edges of ports that went go too, and its way on moves to the first port that is left. */
export function put(drawing: Drawing, node: JourneyNode): Drawing {
  const before = nodeOf(drawing, node.id);
  if (!before || before === node) return drawing;
  return sound({ ...drawing, nodes: drawing.nodes.map((one) => (one.id === node.id ? node : one)) });
}

export function move(drawing: Drawing, places: ReadonlyMap<string, Point>): Drawing {
  if (places.size === 0) return drawing;
  const at = <Item extends { id: string; x?: number; y?: number }>(one: Item): Item => {
    const place = places.get(one.id);
    return place && (place.x !== one.x || place.y !== one.y) ? { ...one, ...place } : one;
  };
  const next = { ...drawing, nodes: drawing.nodes.map(at), comments: drawing.comments.map(at) };
  return next.nodes.some((one, index) => one !== drawing.nodes[index]) || next.comments.some((one, index) => one !== drawing.comments[index]) ? next : drawing;
}

export const newComment = (at: Point): Comment => ({ id: newId(), text: "", width: 220, height: 120, ...at });

export function addComment(drawing: Drawing, comment: Comment): Drawing {
  return drawing.comments.length >= COMMENTS_MAX ? drawing : { ...drawing, comments: [...drawing.comments, comment] };
}

export function putComment(drawing: Drawing, comment: Comment): Drawing {
  return { ...drawing, comments: drawing.comments.map((one) => (one.id === comment.id ? comment : one)) };
}

// --- copy and paste ---------------------------------------------------------------------------

export interface Piece {
  nodes: JourneyNode[];
  edges: Required<Edge>[];
  comments: Comment[];
}

/** The chosen nodes and comments, with the edges between them. */
export function copyOf(drawing: Drawing, ids: ReadonlySet<string>): Piece {
  return {
    nodes: drawing.nodes.filter(({ id }) => ids.has(id)),
    edges: drawing.edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
    comments: drawing.comments.filter(({ id }) => ids.has(id)),
  };
}

type Renaming = (id: string) => string;

/** A node under another id, its ports too: a port is one node's own. */
function renamed(node: JourneyNode, name: Renaming, ports: (port: string) => string): JourneyNode {
  const own = <Way extends Awaited | Case | EventCase | Arm>(way: Way): Way => ({ ...way, id: ports(way.id) });
  const id = name(node.id);
  switch (node.kind) {
    case "wait_event":
      return { ...node, id, events: (node.events ?? []).map(own) };
    case "branch":
      return { ...node, id, cases: (node.cases ?? []).map(own) };
    case "event_branch":
      return { ...node, id, cases: (node.cases ?? []).map(own) };
    case "split":
      return { ...node, id, arms: (node.arms ?? []).map(own) };
    case "go_to":
      return { ...node, id, node: node.node ? name(node.node) : "" };
    default:
      return { ...node, id };
  }
}

const FIXED_PORTS = new Set(["out", "failed", "timeout", "otherwise"]);

/** The same piece under new ids, so that it can be put beside what it was copied from. */
export function fresh(piece: Piece): Piece {
  const names = new Map([...piece.nodes, ...piece.comments].map(({ id }) => [id, newId()]));
  const ways = new Map<string, string>();
  const name: Renaming = (id) => names.get(id) ?? id;
  const portOf = (source: string, port: string): string => {
    if (FIXED_PORTS.has(port)) return port;
    const key = `${source}:${port}`;
    const found = ways.get(key) ?? newId();
    ways.set(key, found);
    return found;
  };
  return {
    nodes: piece.nodes.map((node) => renamed(node, name, (port) => portOf(node.id, port))),
    edges: piece.edges.map(({ source, port, target }) => ({ source: name(source), port: portOf(source, port), target: name(target) })),
    comments: piece.comments.map((comment) => ({ ...comment, id: name(comment.id) })),
  };
}

/** A piece of fresh ids put into a drawing, moved by `by`. Nothing comes in where there is no room for all of it. */
export function paste(drawing: Drawing, piece: Piece, by: Point): Drawing {
  if (drawing.nodes.length + piece.nodes.length > NODES_MAX || drawing.comments.length + piece.comments.length > COMMENTS_MAX) return drawing;
  const shifted = <Item extends { x?: number; y?: number }>(one: Item): Item => ({ ...one, x: (one.x ?? 0) + by.x, y: (one.y ?? 0) + by.y });
  return sound({
    ...drawing,
    nodes: [...drawing.nodes, ...piece.nodes.map(shifted)],
    edges: [...drawing.edges, ...piece.edges],
    comments: [...drawing.comments, ...piece.comments.map(shifted)],
  });
}
