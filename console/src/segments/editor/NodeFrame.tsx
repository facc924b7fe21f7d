/** What rows and groups have in common: the handle that takes the keys and is dragged, the mark of "not", and the menu. */
import { HolderOutlined, MoreOutlined } from "@ant-design/icons";
import { Button, Dropdown, type MenuProps } from "antd";
import { useState, type DragEvent, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import * as act from "./actions";
import { readCondition } from "./clipboard";
import { useEditing } from "./context";
import type { Join } from "./language";
import { canMove, DIRECTIONS, parentOf, type Direction, type Tree, type TreeNode } from "./tree";

export interface Framed {
  /** For what may be done to the node; read when asked, so that rows do not follow every change of the tree. */
  treeNow: () => Tree;
  /** Whose handle the Tab key finds. */
  isCurrent: boolean;
  onCurrent: (id: string) => void;
  /** To the handle of another node: the next, the one before, the first, the last. */
  onWalk: (id: string, to: "next" | "previous" | "first" | "last") => void;
  /** "And" or "or" between this and the one before; null for the first. */
  joined: Join | null;
}

interface NodeFrameProps extends Framed {
  node: TreeNode;
  name: string;
  negated: boolean;
  wrong: boolean;
  onFold?: (folded: boolean) => void;
  children: ReactNode;
}

const ARROWS: Record<string, Direction> = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
const DRAGGED = "application/x-hutong-condition";

function useItems(node: TreeNode, tree: () => Tree, open: boolean): NonNullable<MenuProps["items"]> {
  const { t } = useTranslation(["segments", "common"]);
  if (!open) return [];
  const now = tree();
  return [
    { key: "addAfter", label: t("editor.menu.addAfter"), extra: "Enter" },
    { key: "duplicate", label: t("editor.menu.duplicate"), extra: "Ctrl D" },
    { key: "not", label: t(node.nots % 2 === 1 ? "editor.menu.notOff" : "editor.menu.not"), extra: "N" },
    { type: "divider" },
    ...DIRECTIONS.map((direction) => ({ key: direction, label: t(`editor.menu.${direction}`), extra: `Alt ${{ up: "↑", down: "↓", in: "→", out: "←" }[direction]}`, disabled: !canMove(now, node.id, direction) })),
    { key: "wrap", label: t("editor.menu.wrap"), extra: "G" },
    ...(node.type === "group" ? [{ key: "unwrap", label: t("editor.menu.unwrap"), disabled: node.nots % 2 === 1 }] : []),
    { type: "divider" },
    { key: "copy", label: t("editor.menu.copy"), extra: "Ctrl C" },
    { key: "paste", label: t("editor.menu.paste"), extra: "Ctrl V" },
    { type: "divider" },
    { key: "remove", label: t("editor.menu.remove"), danger: true, extra: "Delete" },
  ];
}

export function NodeFrame(props: NodeFrameProps) {
  const { node, name, negated, wrong, treeNow, isCurrent, onCurrent, onWalk, joined, onFold, children } = props;
  const { t } = useTranslation(["segments", "common"]);
  const { run, disabled } = useEditing();
  const [open, setOpen] = useState(false);
  const [over, setOver] = useState<"before" | "after" | null>(null);
  const items = useItems(node, treeNow, open);
  const { id } = node;

  function choose(key: string): void {
    if (key === "addAfter") run(act.addRowAfter(id));
    else if (key === "duplicate") run(act.duplicateNode(id));
    else if (key === "not") {
      run(act.toggleNot(id));
      run({ kind: "focus", id });
    }
    else if (key === "wrap") run(act.wrapNode(id));
    else if (key === "unwrap") run(act.unwrapNode(id));
    else if (key === "copy") run(act.copy(node));
    else if (key === "paste") run(act.pasteCopied(id));
    else if (key === "remove") run(act.removeNode(id));
    else {
      const direction = DIRECTIONS.find((one) => one === key);
      if (direction) run(act.moveNode(id, direction));
    }
  }

  /** What a key does on a handle; undefined: nothing of ours. */
  function keyed(event: KeyboardEvent): (() => void) | undefined {
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const arrow = ARROWS[key];
    if (event.altKey) return arrow && !disabled ? () => { run(act.moveNode(id, arrow)); } : undefined;
    if (control) {
      if (key === "c") return () => { run(act.copy(node)); };
      if (disabled) return undefined;
      if (key === "x") return () => { run(act.copy(node)); run(act.removeNode(id)); };
      return key === "d" ? () => { choose("duplicate"); } : undefined;
    }
    if (key === "ArrowDown") return () => { onWalk(id, "next"); };
    if (key === "ArrowUp") return () => { onWalk(id, "previous"); };
    if (key === "Home") return () => { onWalk(id, "first"); };
    if (key === "End") return () => { onWalk(id, "last"); };
    if (onFold && (key === "ArrowLeft" || key === "ArrowRight")) return () => { onFold(key === "ArrowLeft"); };
    if (key === "ArrowRight") return () => { run({ kind: "focus", id, part: act.SUBJECT }); };
    if (disabled) return undefined;
    if (key === "Enter") return () => { choose("addAfter"); };
    if (key === "Delete" || key === "Backspace") return () => { choose("remove"); };
    if (key === "n") return () => { choose("not"); };
    return key === "g" ? () => { choose("wrap"); } : undefined;
  }

  const drop = (event: DragEvent) => {
    const dragged = event.dataTransfer.getData(DRAGGED);
    const parent = parentOf(treeNow(), id);
    if (dragged && parent) run(act.dropNode(dragged, parent.id, parent.children.findIndex((child) => child.id === id) + (over === "after" ? 1 : 0)));
  };

  return (
    <li
      className={node.type === "group" ? "ht-ce-node ht-ce-inner" : "ht-ce-node"}
      data-node={id}
      data-wrong={wrong || undefined}
      data-over={over ?? undefined}
      onDragOver={(event) => {
        if (disabled || !event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        event.stopPropagation();
        const box = event.currentTarget.getBoundingClientRect();
        setOver(event.clientY < box.top + box.height / 2 ? "before" : "after");
      }}
      onDragLeave={() => {
        setOver(null);
      }}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        drop(event);
        setOver(null);
      }}
      onKeyDown={(event) => {
        // Out of a field to the handle of its row; an open list closes first.
        if (event.key !== "Escape" || !(event.target instanceof HTMLElement) || event.target.dataset.handle !== undefined) return;
        if (event.target.getAttribute("aria-expanded") === "true" || !event.currentTarget.contains(event.target)) return;
        event.stopPropagation();
        run({ kind: "focus", id });
      }}
    >
      {joined ? <span className="ht-ce-join">{t(joined === "all" ? "editor.and" : "editor.or")}</span> : null}
      <div className="ht-ce-frame">
        <button
          type="button"
          className="ht-ce-handle"
          data-handle=""
          tabIndex={isCurrent ? 0 : -1}
          draggable={!disabled}
          aria-label={name}
          aria-describedby="ht-ce-keys"
          title={t("editor.handleHint")}
          onFocus={() => {
            onCurrent(id);
          }}
          onDragStart={(event) => {
            event.dataTransfer.setData(DRAGGED, id);
            event.dataTransfer.effectAllowed = "move";
          }}
          onPaste={(event) => {
            if (disabled) return;
            event.preventDefault();
            const pasted = readCondition(event.clipboardData.getData("text/plain"));
            run(pasted ? act.paste(id, pasted) : { kind: "say", what: "notPasted" });
          }}
          onKeyDown={(event) => {
            const work = keyed(event);
            if (!work) return;
            event.preventDefault();
            event.stopPropagation();
            work();
          }}
        >
          <HolderOutlined aria-hidden />
        </button>
        <div className="ht-ce-body">
          {negated ? <span className="ht-ce-not">{t("editor.not")}</span> : null}
          {children}
        </div>
        <Dropdown
          trigger={["click"]}
          open={open}
          autoFocus
          onOpenChange={setOpen}
          disabled={disabled}
          placement="bottomRight"
          menu={{ items, className: "ht-ce-menu", onClick: ({ key }) => { choose(key); } }}
        >
          <Button type="text" size="small" className="ht-ce-more-button" disabled={disabled} icon={<MoreOutlined />} aria-label={`${name}: ${t("editor.menu.label")}`} />
        </Dropdown>
      </div>
    </li>
  );
}
