/** The condition as the editor holds it: a tree of groups and rows with ids, and everything that can be done to it, as pure functions. */
import type { Condition, Join, Leaf } from "./language";

export interface RowNode {
  readonly id: string;
  readonly type: "row";
  /** How many times it is negated: 0 or 1 in all that is built here, but what came from elsewhere stays as it is. */
  readonly nots: number;
  readonly leaf: Leaf;
}

export interface GroupNode {
  readonly id: string;
  readonly type: "group";
  readonly nots: number;
  readonly join: Join;
  readonly children: readonly TreeNode[];
}

export type TreeNode = RowNode | GroupNode;

export interface Tree {
  readonly root: GroupNode;
  /** The condition is a single row, not a group of one. */
  readonly isBare: boolean;
}

export type Direction = "up" | "down" | "in" | "out";
export const DIRECTIONS = ["up", "down", "in", "out"] as const;

let made = 0;
const newId = () => `c${++made}`;

export const isNegated = (node: TreeNode): boolean => node.nots % 2 === 1;
export const row = (leaf: Leaf = { kind: "unset" }, nots = 0): RowNode => ({ id: newId(), type: "row", nots, leaf });
export const group = (join: Join, children: readonly TreeNode[], nots = 0): GroupNode => ({ id: newId(), type: "group", nots, join, children });

// --- JSON -----------------------------------------------------------------------------------------------------------

export function nodeOf(condition: Condition): TreeNode {
  let nots = 0;
  let inner = condition;
  while (inner.kind === "not") {
    nots += 1;
    inner = inner.of;
  }
  return inner.kind === "all" || inner.kind === "any" ? group(inner.kind, inner.of.map(nodeOf), nots) : row(inner, nots);
}

export function treeOf(condition: Condition): Tree {
  const node = nodeOf(condition);
  return node.type === "group" ? { root: node, isBare: false } : { root: group("all", [node]), isBare: true };
}

export function conditionOfNode(node: TreeNode): Condition {
  let found: Condition = node.type === "row" ? node.leaf : { kind: node.join, of: node.children.map(conditionOfNode) };
  for (let left = node.nots; left > 0; left -= 1) found = { kind: "not", of: found };
  return found;
}

/** The only child of a tree whose condition is one row. */
function bareChild({ root, isBare }: Tree): TreeNode | undefined {
  return isBare && root.nots === 0 && root.children.length === 1 ? root.children[0] : undefined;
}

export const conditionOf = (tree: Tree): Condition => conditionOfNode(bareChild(tree) ?? tree.root);

// --- finding --------------------------------------------------------------------------------------------------------

type Path = readonly number[];

export function pathOf(root: GroupNode, id: string): Path | null {
  if (root.id === id) return [];
  for (const [index, child] of root.children.entries()) {
    if (child.id === id) return [index];
    const below = child.type === "group" ? pathOf(child, id) : null;
    if (below) return [index, ...below];
  }
  return null;
}

function at(root: GroupNode, path: Path): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const index of path) node = node?.type === "group" ? node.children[index] : undefined;
  return node;
}

export function find(tree: Tree, id: string): TreeNode | undefined {
  const path = pathOf(tree.root, id);
  return path ? at(tree.root, path) : undefined;
}

export function parentOf(tree: Tree, id: string): GroupNode | undefined {
  const path = pathOf(tree.root, id);
  const parent = path && path.length > 0 ? at(tree.root, path.slice(0, -1)) : undefined;
  return parent?.type === "group" ? parent : undefined;
}

/** Every node below the root in the order a person reads them; what is inside `folded` groups is left out. */
export function visible(node: GroupNode, folded: ReadonlySet<string> = new Set()): TreeNode[] {
  return node.children.flatMap((child) => [child, ...(child.type === "group" && !folded.has(child.id) ? visible(child, folded) : [])]);
}

export const ancestors = (tree: Tree, id: string): string[] => {
  const path = pathOf(tree.root, id) ?? [];
  return path.map((_, depth) => at(tree.root, path.slice(0, depth))?.id ?? "");
};

/** 2.1 for the first row of the second group: how rows are named to people who hear the page. */
export function numbers(tree: Tree): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (node: GroupNode, before: string) => {
    node.children.forEach((child, index) => {
      const number = `${before}${index + 1}`;
      found.set(child.id, number);
      if (child.type === "group") walk(child, `${number}.`);
    });
  };
  walk(tree.root, "");
  return found;
}

/** The JSON pointer of every node, where the server says what is wrong. */
export function pointers(tree: Tree): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (node: TreeNode, pointer: string) => {
    found.set(node.id, pointer);
    const inner = pointer + "/of".repeat(node.nots);
    if (node.type === "group") {
      node.children.forEach((child, index) => {
        walk(child, `${inner}/of/${index}`);
      });
    }
  };
  const bare = bareChild(tree);
  if (bare) {
    found.set(tree.root.id, "");
    walk(bare, "");
  } else walk(tree.root, "");
  return found;
}

/** Nodes of the condition, and how deep it is: what the server counts. */
export function extent(condition: Condition): { nodes: number; depth: number } {
  const inner: Condition[] = condition.kind === "all" || condition.kind === "any" ? condition.of : condition.kind === "not" ? [condition.of] : [];
  const below = inner.map(extent);
  return {
    nodes: below.reduce((sum, { nodes }) => sum + nodes, 1),
    depth: below.length === 0 ? 0 : 1 + Math.max(...below.map(({ depth }) => depth)),
  };
}

// --- changing -------------------------------------------------------------------------------------------------------

function replaceAt(node: GroupNode, path: Path, change: (node: TreeNode) => readonly TreeNode[]): GroupNode {
  const [index = -1, ...rest] = path;
  const child = node.children[index];
  if (!child) return node;
  const next = rest.length === 0 ? change(child) : child.type === "group" ? [replaceAt(child, rest, change)] : [child];
  return { ...node, children: node.children.toSpliced(index, 1, ...next) };
}

/** The tree with one node put in place of another; the same tree where there is no such node. */
export function update(tree: Tree, id: string, change: (node: TreeNode) => TreeNode): Tree {
  const path = pathOf(tree.root, id);
  if (!path) return tree;
  if (path.length === 0) {
    const root = change(tree.root);
    return root.type === "group" ? { root, isBare: false } : tree;
  }
  return { ...tree, root: replaceAt(tree.root, path, (node) => [change(node)]) };
}

export const setLeaf = (tree: Tree, id: string, change: (leaf: Leaf) => Leaf): Tree =>
  update(tree, id, (node) => (node.type === "row" ? { ...node, leaf: change(node.leaf) } : node));

export const setJoin = (tree: Tree, id: string, join: Join): Tree => update(tree, id, (node) => (node.type === "group" ? { ...node, join } : node));

export const toggleNot = (tree: Tree, id: string): Tree => update(tree, id, (node) => ({ ...node, nots: node.nots + (isNegated(node) ? -1 : 1) }));

/** At a place in a group; past its end is its end. */
export function insert(tree: Tree, into: string, index: number, nodes: readonly TreeNode[]): Tree {
  const put = (node: TreeNode): TreeNode => (node.type === "group" ? { ...node, children: node.children.toSpliced(index, 0, ...nodes) } : node);
  const path = pathOf(tree.root, into);
  if (!path) return tree;
  return { ...tree, root: path.length === 0 ? (put(tree.root) as GroupNode) : replaceAt(tree.root, path, (node) => [put(node)]) };
}

/** Below a node: after a row among its siblings, at the end of a group for the root. */
export function insertAfter(tree: Tree, id: string, nodes: readonly TreeNode[]): Tree {
  const parent = parentOf(tree, id);
  if (!parent) return insert(tree, tree.root.id, tree.root.children.length, nodes);
  return insert(tree, parent.id, parent.children.findIndex((child) => child.id === id) + 1, nodes);
}

/** A group that lost its last row goes too: an empty one would mean everybody or nobody. */
export function remove(tree: Tree, id: string): Tree {
  const path = pathOf(tree.root, id);
  if (!path || path.length === 0) return tree;
  const parent = parentOf(tree, id);
  if (parent && parent.id !== tree.root.id && parent.children.length === 1) return remove(tree, parent.id);
  return { ...tree, root: replaceAt(tree.root, path, () => []) };
}

const renamed = (node: TreeNode): TreeNode =>
  node.type === "row" ? { ...node, id: newId() } : { ...node, id: newId(), children: node.children.map(renamed) };

/** The tree with a copy below the node, and the copy's id. */
export function duplicate(tree: Tree, id: string): { tree: Tree; id: string } {
  const node = find(tree, id);
  if (!node || id === tree.root.id) return { tree, id };
  const copy = renamed(node);
  return { tree: insertAfter(tree, id, [copy]), id: copy.id };
}

/** The node alone in a new group in its place; the group joins the other way than the one around it, else it would say nothing new. */
export function wrap(tree: Tree, id: string): Tree {
  const parent = parentOf(tree, id);
  return parent ? update(tree, id, (node) => group(parent.join === "all" ? "any" : "all", [node])) : tree;
}

/** The rows of a group in its place. */
export function unwrap(tree: Tree, id: string): Tree {
  const path = pathOf(tree.root, id);
  const node = path && at(tree.root, path);
  if (node?.type !== "group" || path === null || path.length === 0 || isNegated(node)) return tree;
  return { ...tree, root: replaceAt(tree.root, path, () => node.children) };
}

/** Next to the node: into the group before it, as its last; else into the one after it, as its first. */
function neighbour(parent: GroupNode, index: number): { into: GroupNode; at: number } | null {
  const [before, after] = [parent.children[index - 1], parent.children[index + 1]];
  if (before?.type === "group") return { into: before, at: before.children.length };
  return after?.type === "group" ? { into: after, at: 0 } : null;
}

const placeAfter = (tree: Tree, id: string): number => (parentOf(tree, id)?.children.findIndex((child) => child.id === id) ?? -1) + 1;

/** The same tree where it cannot move that way. */
export function move(tree: Tree, id: string, direction: Direction): Tree {
  const parent = parentOf(tree, id);
  const node = find(tree, id);
  if (!parent || !node) return tree;
  const index = parent.children.indexOf(node);
  if (direction === "up" || direction === "down") {
    const to = index + (direction === "up" ? -1 : 1);
    if (to < 0 || to >= parent.children.length) return tree;
    return update(tree, parent.id, () => ({ ...parent, children: parent.children.toSpliced(index, 1).toSpliced(to, 0, node) }));
  }
  if (direction === "in") {
    const target = neighbour(parent, index);
    return target ? moveTo(tree, id, target.into.id, target.at) : tree;
  }
  return parent.id === tree.root.id ? tree : moveTo(tree, id, parentOf(tree, parent.id)?.id ?? tree.root.id, placeAfter(tree, parent.id));
}

export const canMove = (tree: Tree, id: string, direction: Direction): boolean => move(tree, id, direction) !== tree;

/** To a place among the children of a group, as dragging does it; never into itself. */
export function moveTo(tree: Tree, id: string, into: string, index: number): Tree {
  const [node, parent] = [find(tree, id), parentOf(tree, id)];
  if (!node || !parent || id === into || ancestors(tree, into).includes(id)) return tree;
  const from = parent.children.indexOf(node);
  if (parent.id === into && (index === from || index === from + 1)) return tree;
  const marked = insert(tree, into, index, [{ ...node, id: `${id}~` }]);
  return update(remove(marked, id), `${id}~`, (placed) => ({ ...placed, id }));
}

/** Where the focus goes when a node is gone: the one after it, the one before it, or the group around. */
export function nextTo(tree: Tree, id: string): string {
  const parent = parentOf(tree, id);
  if (!parent) return tree.root.id;
  const index = parent.children.findIndex((child) => child.id === id);
  const found = parent.children[index + 1] ?? parent.children[index - 1];
  return found?.id ?? (parent.id === tree.root.id ? parent.id : nextTo(tree, parent.id));
}
