/** Drawing a journey: palette at the left, canvas, what is chosen at the right, what is wrong below. */
import { CopyOutlined, DeleteOutlined, EditOutlined, EllipsisOutlined, PlusOutlined } from "@ant-design/icons";
import { Panel, useReactFlow } from "@xyflow/react";
import { App, Button, Drawer as Sheet, Dropdown, type MenuProps } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { usePhone } from "../../design/useMedia";
import { readStored, writeStored } from "../../design/storage";
import type { Problem } from "./queries";
import { Canvas, type Drawer } from "./Canvas";
import { CheckBar } from "./CheckBar";
import { copiedPiece, copyPiece } from "./clipboard";
import { AddDialog, ConnectDialog } from "./dialogs";
import type { Change, Drafting, Operation } from "./drafting";
import { copyOf, edgeFrom, fresh, newComment, nodeOf, type Piece, type Point } from "./edits";
import { edgeId, portsOf, takesPeople } from "./graph";
import type { SaveState } from "./keeping";
import { NOTHING_OVER } from "./shapes";
import { sizeOf } from "./sizes";
import { nodeOfChoice, StepChoice, type Choice } from "./StepChoice";
import { StepPanel } from "./StepPanel";
import { DrawTools, ZoomTools } from "./Tools";
import { reading } from "./walk";
import { portName, titleOf, type Lexicon } from "./words";

const WIDE = "hutong.journeyPanel";
const STEP_ASIDE = 32;
const HELD_AT = 20; // below its upper edge, in the middle: there a dragged node is held

type Adding = { kind: "after"; source: string; port?: string } | { kind: "before"; target: string } | { kind: "loose" };

interface DrawViewProps {
  draft: Drafting;
  dispatch: (operation: Operation) => void;
  lexicon: Lexicon;
  problems: readonly Problem[];
  state: SaveState;
  onRetry: () => void;
  mayChange: boolean;
}

/** Undo and the like also when nothing has the focus, as after what had it went away. */
function useAnywhere(onKey: (event: KeyboardEvent) => void) {
  const heard = useRef(onKey);
  useEffect(() => {
    heard.current = onKey;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.activeElement !== document.body || !(event.ctrlKey || event.metaKey)) return;
      heard.current(event);
    };
    window.addEventListener("keydown", listen);
    return () => { window.removeEventListener("keydown", listen); };
  }, []);
}

export function DrawView({ draft, dispatch, lexicon, problems, state, onRetry, mayChange }: DrawViewProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const { message } = App.useApp();
  const phone = usePhone();
  const { screenToFlowPosition } = useReactFlow();
  const { drawing, chosen } = draft;
  const [adding, setAdding] = useState<Adding | null>(null);
  const [connecting, setConnecting] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ id: string; at: Point } | null>(null);
  const [focus, setFocus] = useState<{ id: string; count: number } | null>(null);
  const [attention, setAttention] = useState(0);
  const [sheet, setSheet] = useState(false);
  const [isWide, setIsWide] = useState(() => readStored(WIDE) === "wide");
  const canvas = useRef<HTMLDivElement>(null);
  const [pasted, setPasted] = useState(0);

  const overlay = useMemo(() => ({ ...NOTHING_OVER, problems }), [problems]);
  const run = useCallback((change: Change) => { dispatch({ ...change, now: Date.now() }); }, [dispatch]);
  const choose = useCallback((ids: readonly string[]) => { dispatch({ kind: "choose", ids }); }, [dispatch]);
  const attend = useCallback((id: string) => { setFocus((before) => ({ id, count: (before?.count ?? 0) + 1 })); }, []);

  const refusedCount = draft.refused?.count ?? 0;
  const refusedFor = draft.refused?.reason;
  useEffect(() => {
    if (refusedCount > 0 && refusedFor) void message.warning(t(`refused.${refusedFor}`));
  }, [refusedCount, refusedFor, message, t]);

  const open = useCallback((id: string) => {
    choose([id]);
    setSheet(true);
    setAttention((before) => before + 1);
  }, [choose]);

  /** The middle of what is seen of the canvas. */
  const middle = useCallback((): Point => {
    const place = canvas.current?.getBoundingClientRect();
    return place ? screenToFlowPosition({ x: place.left + place.width / 2, y: place.top + place.height / 3 }) : { x: 0, y: 0 };
  }, [screenToFlowPosition]);

  function add(choice: Choice, where: Adding) {
    const node = nodeOfChoice(choice, middle(), lexicon.actions);
    if (where.kind === "after") run({ kind: "add_after", source: where.source, port: where.port, node });
    else if (where.kind === "before") run({ kind: "add_before", target: where.target, node });
    else run({ kind: "add", node });
    setAdding(null);
    attend(node.id);
  }

  /** From the palette: behind what is chosen, where that leads somewhere; else in the middle. */
  function addFromPalette(choice: Choice) {
    const at = chosen.length === 1 && chosen[0] !== undefined ? nodeOf(drawing, chosen[0]) : undefined;
    add(choice, at && portsOf(at).length > 0 && choice.kind !== "entry" ? { kind: "after", source: at.id } : { kind: "loose" });
    setSheet(false);
  }

  const remove = useCallback((ids: readonly string[]) => {
    const gone = new Set(ids);
    const before = drawing.edges.find((edge) => gone.has(edge.target) && !gone.has(edge.source))?.source ?? reading(drawing).find((id) => !gone.has(id));
    run({ kind: "remove", ids });
    if (before !== undefined) attend(before);
  }, [drawing, run, attend]);

  const putIn = useCallback((piece: Piece | null) => {
    if (!piece || piece.nodes.length + piece.comments.length === 0) {
      void message.info(t("refused.nothingCopied"));
      return;
    }
    setPasted(pasted + 1);
    run({ kind: "paste", piece: fresh(piece), by: { x: STEP_ASIDE * (pasted + 1), y: STEP_ASIDE * (pasted + 1) } });
  }, [pasted, run, message, t]);

  const drawer = useMemo<Drawer | null>(
    () =>
      mayChange
        ? {
            onMove: (places) => { run({ kind: "move", places }); },
            onResize: (id, size) => {
              const comment = drawing.comments.find((one) => one.id === id);
              if (comment) run({ kind: "put_comment", comment: { ...comment, ...size } });
            },
            onConnect: (source, port, target) => { run({ kind: "connect", source, port, target }); },
            onAdd: (source, port) => { setAdding({ kind: "after", source, port }); },
            onAddAfter: (id) => { setAdding({ kind: "after", source: id }); },
            onMenu: (id, at) => { setMenu({ id, at }); },
            onDrop: (choice, at) => {
              const node = nodeOfChoice(choice, at, lexicon.actions);
              run({ kind: "add", node: { ...node, x: Math.round(at.x - sizeOf(node).width / 2), y: Math.round(at.y - HELD_AT) } });
              attend(node.id);
            },
            onRemove: remove,
            onDisconnect: (edge) => { run({ kind: "disconnect", edge }); },
            onCopy: (ids) => {
              setPasted(0);
              copyPiece(drawing, new Set(ids));
            },
            onPaste: () => { putIn(copiedPiece()); },
            onDuplicate: (ids) => { putIn(copyOf(drawing, new Set(ids))); },
            onUndo: () => { dispatch({ kind: "undo" }); },
            onRedo: () => { dispatch({ kind: "redo" }); },
          }
        : null,
    [mayChange, run, dispatch, drawing, lexicon.actions, attend, remove, putIn],
  );

  useAnywhere((event) => {
    if (!drawer) return;
    const key = event.key.toLowerCase();
    if (key === "z") (event.shiftKey ? drawer.onRedo : drawer.onUndo)();
    else if (key === "y") drawer.onRedo();
    else if (key === "v") drawer.onPaste();
    else return;
    event.preventDefault();
  });

  function itemsOf(id: string): MenuProps["items"] {
    const node = nodeOf(drawing, id);
    const edit = { key: "edit", icon: <EditOutlined aria-hidden />, label: t("menu.edit"), onClick: () => { open(id); } };
    const ends = [
      { type: "divider" as const },
      { key: "copy", icon: <CopyOutlined aria-hidden />, label: t("menu.copy"), onClick: () => { setPasted(0); copyPiece(drawing, new Set([id])); } },
      { key: "double", label: t("menu.double"), onClick: () => { putIn(copyOf(drawing, new Set([id]))); } },
      { key: "remove", icon: <DeleteOutlined aria-hidden />, danger: true, label: t("menu.remove"), onClick: () => { remove([id]); } },
    ];
    if (!node) return [edit, ...ends];
    const linked = portsOf(node).filter((port) => edgeFrom(drawing, id, port));
    return [
      edit,
      ...(portsOf(node).length > 0
        ? [
            { key: "after", icon: <PlusOutlined aria-hidden />, label: t("menu.after"), onClick: () => { setAdding({ kind: "after", source: id }); } },
            { key: "connect", label: t("menu.connect"), onClick: () => { setConnecting(id); } },
          ]
        : []),
      ...(takesPeople(node) ? [{ key: "before", label: t("menu.before"), onClick: () => { setAdding({ kind: "before", target: id }); } }] : []),
      ...(linked.length > 0
        ? [{ key: "cut", label: t("menu.disconnect"), children: linked.map((port) => ({ key: `cut:${port}`, label: portName(node, port, lexicon), onClick: () => { run({ kind: "disconnect", edge: edgeId({ source: id, port }) }); } })) }]
        : []),
      ...ends,
    ];
  }

  function goTo(problem: Problem) {
    if (nodeOf(drawing, problem.node)) {
      attend(problem.node);
      open(problem.node);
    } else {
      choose([]);
      setSheet(true);
      setAttention((before) => before + 1);
    }
  }

  const panel = (
    <StepPanel
      drawing={drawing}
      chosen={chosen}
      problems={problems}
      lexicon={lexicon}
      run={(change) => { if (change.kind === "remove") remove(change.ids); else run(change); }}
      disabled={!mayChange}
      attention={attention}
      isWide={isWide}
      onWide={phone ? null : (wide) => { setIsWide(wide); writeStored(WIDE, wide ? "wide" : null); }}
      onClose={!phone && chosen.length === 0 ? null : () => {
        setSheet(false);
        const [id] = chosen;
        if (id === undefined) return;
        if (phone) attend(id);
        else {
          choose([]);
          attend(id);
        }
      }}
    />
  );
  const [only] = chosen;
  const isOne = chosen.length === 1 && only !== undefined;
  return (
    <>
      <div className="ht-jv" data-wide={isWide}>
        {phone || !mayChange ? null : (
          <aside className="ht-jv-palette" aria-label={t("palette.title")}>
            <StepChoice lexicon={lexicon} onChoose={addFromPalette} draggable />
          </aside>
        )}
        <div className="ht-jv-canvas" ref={canvas}>
          <Canvas drawing={drawing} overlay={overlay} lexicon={lexicon} label={t("canvas.label")} chosen={chosen} onChoose={choose} onOpen={open} drawer={drawer} focus={focus}>
            <ZoomTools />
            {drawer ? (
              <DrawTools
                canUndo={draft.past.length > 0}
                canRedo={draft.future.length > 0}
                onUndo={drawer.onUndo}
                onRedo={drawer.onRedo}
                onArrange={() => { run({ kind: "arrange" }); }}
                onComment={() => {
                  const comment = newComment(middle());
                  run({ kind: "comment", comment });
                  open(comment.id);
                }}
                onPaste={drawer.onPaste}
                add={phone ? <Button type="text" icon={<PlusOutlined />} aria-label={t("palette.title")} onClick={() => { setAdding(isOne && portsOf(nodeOf(drawing, only) ?? { kind: "exit", id: "" }).length > 0 ? { kind: "after", source: only } : { kind: "loose" }); }} /> : null}
              />
            ) : null}
            {phone && isOne ? (
              <Panel position="bottom-center" className="ht-jt ht-jt-strip" role="toolbar" aria-label={t("tools.chosen")}>
                <Button type="primary" icon={<EditOutlined aria-hidden />} onClick={() => { open(only); }}>{t("menu.edit")}</Button>
                {mayChange ? <Button icon={<EllipsisOutlined />} aria-label={t("tools.more")} onClick={(event) => { setMenu({ id: only, at: { x: event.clientX, y: event.clientY } }); }} /> : null}
              </Panel>
            ) : null}
            {phone && chosen.length === 0 ? (
              <Panel position="bottom-center" className="ht-jt ht-jt-strip">
                <Button onClick={() => { setSheet(true); }}>{t("whole.title")}</Button>
              </Panel>
            ) : null}
          </Canvas>
          {drawing.nodes.length === 0 && mayChange ? (
            <div className="ht-jv-begin">
              <h2>{t("empty.canvas")}</h2>
              <p className="ht-secondary">{t("empty.canvasHint")}</p>
              <Button type="primary" onClick={() => { add({ kind: "entry" }, { kind: "loose" }); }}>{t("empty.begin")}</Button>
            </div>
          ) : null}
        </div>
        {phone ? (
          <Sheet open={sheet} placement="bottom" size="85%" closable={false} onClose={() => { setSheet(false); }} className="ht-jd-sheet" aria-label={t("panel.title")}>{panel}</Sheet>
        ) : (
          <aside
            className="ht-jv-panel"
            aria-label={t("panel.title")}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || event.defaultPrevented || !isOne || !event.currentTarget.contains(event.target as Node)) return;
              attend(only);
            }}
          >
            {panel}
          </aside>
        )}
      </div>
      <CheckBar drawing={drawing} problems={problems} lexicon={lexicon} state={state} onRetry={onRetry} onProblem={goTo} />
      {menu ? (
        <Dropdown open trigger={["click"]} autoFocus menu={{ items: itemsOf(menu.id) ?? [], onClick: () => { setMenu(null); } }} onOpenChange={(next) => { if (!next) setMenu(null); }}>
          <button type="button" className="ht-jv-anchor" aria-label={t("canvas.menuOf", { name: titleOf(nodeOf(drawing, menu.id) ?? { kind: "exit", id: "" }, lexicon) })} style={{ left: menu.at.x, top: menu.at.y }} />
        </Dropdown>
      ) : null}
      {adding ? (
        <AddDialog
          title={t(`add.${adding.kind}`, { name: titleOf(nodeOf(drawing, adding.kind === "after" ? adding.source : adding.kind === "before" ? adding.target : "") ?? { kind: "exit", id: "" }, lexicon) })}
          lexicon={lexicon}
          isLoose={adding.kind === "loose"}
          onChoose={(choice) => { add(choice, adding); }}
          onClose={() => { setAdding(null); }}
        />
      ) : null}
      {connecting !== null ? <ConnectDialog drawing={drawing} lexicon={lexicon} source={connecting} onConnect={(port, target) => { run({ kind: "connect", source: connecting, port, target }); setConnecting(null); }} onClose={() => { setConnecting(null); }} /> : null}
    </>
  );
}
