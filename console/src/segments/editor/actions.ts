/** What a person does to rows and groups, as operations of the editor. */
import { copiedCondition, copyCondition } from "./clipboard";
import type { Condition, Join, Leaf } from "./language";
import type { Operation } from "./state";
import * as tree from "./tree";

const change = (make: Extract<Operation, { kind: "change" }>["make"], field?: string): Operation => ({ kind: "change", make, at: Date.now(), ...(field ? { field } : {}) });

export const SUBJECT = "subject";

/** `field` names what is typed into, so that typing is one step of undo. */
export const changeLeaf = (id: string, leaf: Leaf, field?: string): Operation => change((one) => ({ tree: tree.setLeaf(one, id, () => leaf) }), field && `${id}/${field}`);

export const addRow = (into: string): Operation =>
  change((one) => {
    const made = tree.row();
    return { tree: tree.insert(one, into, Infinity, [made]), focus: { id: made.id, part: SUBJECT } };
  });

export const addRowAfter = (id: string): Operation =>
  change((one) => {
    const made = tree.row();
    return { tree: tree.insertAfter(one, id, [made]), focus: { id: made.id, part: SUBJECT } };
  });

/** A new group joins the other way than the one it stands in, and begins with a row to fill. */
export const addGroup = (into: string): Operation =>
  change((one) => {
    const made = tree.row();
    const around = tree.find(one, into);
    const join: Join = around?.type === "group" && around.join === "any" ? "all" : "any";
    return { tree: tree.insert(one, into, Infinity, [tree.group(join, [made])]), focus: { id: made.id, part: SUBJECT } };
  });

export const setJoin = (id: string, join: Join): Operation => change((one) => ({ tree: tree.setJoin(one, id, join) }));
export const toggleNot = (id: string): Operation => change((one) => ({ tree: tree.toggleNot(one, id) }));

export const removeNode = (id: string): Operation => change((one) => ({ tree: tree.remove(one, id), focus: { id: tree.nextTo(one, id) }, said: "removed" }));

export const duplicateNode = (id: string): Operation =>
  change((one) => {
    const made = tree.duplicate(one, id);
    return { tree: made.tree, focus: { id: made.id }, said: "duplicated" };
  });

export const moveNode = (id: string, direction: tree.Direction): Operation =>
  change((one) => {
    const moved = tree.move(one, id, direction);
    return moved === one ? { tree: one } : { tree: moved, focus: { id }, said: "moved" };
  });

export const dropNode = (id: string, into: string, index: number): Operation =>
  change((one) => ({ tree: tree.moveTo(one, id, into, index), focus: { id }, said: "moved" }));

export const wrapNode = (id: string): Operation => change((one) => ({ tree: tree.wrap(one, id), focus: { id }, said: "grouped" }));

export const unwrapNode = (id: string): Operation =>
  change((one) => {
    const node = tree.find(one, id);
    const first = node?.type === "group" ? node.children[0] : undefined;
    return { tree: tree.unwrap(one, id), focus: { id: first?.id ?? tree.nextTo(one, id) }, said: "ungrouped" };
  });

/** Below a node; the rows of a whole copied condition come one by one where the group around joins them the same way. */
export const paste = (id: string, condition: Condition): Operation =>
  change((one) => {
    const made = tree.nodeOf(condition);
    const target = tree.find(one, id);
    const around = target?.type === "group" && target.id === one.root.id ? target : tree.parentOf(one, id);
    const nodes = made.type === "group" && made.nots === 0 && made.children.length > 0 && (made.join === around?.join || around?.children.length === 0) ? made.children : [made];
    const joined = around && around.children.length === 0 && nodes.length > 1 && made.type === "group" ? tree.setJoin(one, around.id, made.join) : one;
    return { tree: tree.insertAfter(joined, id, nodes), focus: { id: nodes[0]?.id ?? id }, said: "pasted" };
  });

export function copy(node: tree.TreeNode): Operation {
  copyCondition(tree.conditionOfNode(node));
  return { kind: "say", what: "copied" };
}

export function pasteCopied(id: string): Operation {
  const copied = copiedCondition();
  return copied ? paste(id, copied) : { kind: "say", what: "nothingCopied" };
}
