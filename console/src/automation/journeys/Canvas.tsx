/** The canvas: a drawing and what lies over it. What is done on it is told to whoever shows it. */
import { Background, MiniMap, ReactFlow, useReactFlow, type Connection, type EdgeChange, type FinalConnectionState, type NodeChange, MarkerType } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useLessMotion, usePhone } from "../../design/useMedia";
import { CommentCard } from "./CommentCard";
import { CanvasContext, type CanvasActs } from "./context";
import { nodeOf, type Point } from "./edits";
import type { Drawing } from "./graph";
import { NodeCard } from "./NodeCard";
import { flowEdges, flowNodes, hasNumbers, stepsOf, type CanvasNode, type Overlay, type WayEdge } from "./shapes";
import { GRID, sizeOf } from "./sizes";
import { DRAGGED, readChoice, type Choice } from "./StepChoice";
import { neighbour, reading, type Direction } from "./walk";
import { WayLine } from "./WayLine";
import type { Lexicon } from "./words";
import "./canvas.css";

const nodeTypes = { step: NodeCard, comment: CommentCard };
const edgeTypes = { way: WayLine };
const ARROW = { type: MarkerType.ArrowClosed, width: 14, height: 14, markerUnits: "userSpaceOnUse" } as const;
const ZOOM = { min: 0.15, max: 1.6, fit: 1 } as const;
const LONG_PRESS_MILLISECONDS = 500;
const LONG_PRESS_SLACK = 8;
const MARGIN = 48;
const ARROWS: Readonly<Record<string, Direction>> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
const NUDGE: Record<Direction, Point> = { up: { x: 0, y: -GRID * 5 }, down: { x: 0, y: GRID * 5 }, left: { x: -GRID * 5, y: 0 }, right: { x: GRID * 5, y: 0 } };

type Moving = ReadonlyMap<string, Point & { width?: number; height?: number }>;
const STILL: Moving = new Map();

/** What can be done by a person who may change the drawing. */
export interface Drawer {
  onMove: (places: ReadonlyMap<string, Point>) => void;
  onResize: (id: string, size: Point & { width: number; height: number }) => void;
  onConnect: (source: string, port: string, target: string) => void;
  /** Let go over nothing: something new is wanted there. */
  onAdd: (source: string, port: string) => void;
  onAddAfter: (id: string) => void;
  onMenu: (id: string, at: Point) => void;
  onDrop: (choice: Choice, at: Point) => void;
  onRemove: (ids: readonly string[]) => void;
  onDisconnect: (edge: string) => void;
  onCopy: (ids: readonly string[]) => void;
  onPaste: () => void;
  onDuplicate: (ids: readonly string[]) => void;
  onUndo: () => void;
  onRedo: () => void;
}

interface CanvasProps {
  drawing: Drawing;
  overlay: Overlay;
  lexicon: Lexicon;
  label: string;
  chosen: readonly string[];
  onChoose: (ids: readonly string[]) => void;
  /** Enter, or a double click. */
  onOpen: (id: string) => void;
  drawer: Drawer | null;
  /** A new count sends the focus and the view to the node. */
  focus?: { id: string; count: number } | null;
  children?: ReactNode;
}

/** A finger that rests on something asks for its menu. */
function useLongPress(onMenu: ((id: string, at: Point) => void) | null) {
  const pressed = useRef<{ timer: number; x: number; y: number } | null>(null);
  const asked = useRef(false);
  const end = useCallback(() => {
    if (pressed.current) window.clearTimeout(pressed.current.timer);
    pressed.current = null;
  }, []);
  useEffect(() => end, [end]);
  return useMemo(
    () => ({
      onPointerDown(event: React.PointerEvent) {
        end();
        asked.current = false;
        if (event.pointerType !== "touch" || !onMenu) return;
        const id = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-step]")?.dataset.step : undefined;
        if (id === undefined) return;
        const { clientX: x, clientY: y } = event;
        const timer = window.setTimeout(() => {
          asked.current = true;
          onMenu(id, { x, y });
        }, LONG_PRESS_MILLISECONDS);
        pressed.current = { x, y, timer };
      },
      onPointerMove(event: React.PointerEvent) {
        if (pressed.current && Math.hypot(event.clientX - pressed.current.x, event.clientY - pressed.current.y) > LONG_PRESS_SLACK) end();
      },
      onPointerUp: end,
      onPointerCancel: end,
      // Lifted, it is no tap as well: that would close the menu.
      onTouchEndCapture(event: React.TouchEvent) {
        if (asked.current) event.preventDefault();
      },
    }),
    [onMenu, end],
  );
}

/** Sends the focus to a node, and the view too where the node is not in it. */
function useFocus(frame: React.RefObject<HTMLDivElement | null>, drawing: Drawing, focus: CanvasProps["focus"]) {
  const { flowToScreenPosition, setCenter, getZoom } = useReactFlow<CanvasNode, WayEdge>();
  const lessMotion = useLessMotion();
  const done = useRef<CanvasProps["focus"]>(null);
  useEffect(() => {
    if (!focus || !frame.current || done.current?.count === focus.count) return;
    const node = nodeOf(drawing, focus.id);
    const target = frame.current.querySelector<HTMLElement>(`[data-step="${focus.id}"]`);
    if (!target) return; // drawn with the next change
    done.current = focus;
    target.focus({ preventScroll: true });
    if (!node) return;
    const { width, height } = sizeOf(node);
    const [from, to] = [flowToScreenPosition({ x: node.x ?? 0, y: node.y ?? 0 }), flowToScreenPosition({ x: (node.x ?? 0) + width, y: (node.y ?? 0) + height })];
    const place = frame.current.getBoundingClientRect();
    if (from.x < place.left + MARGIN || from.y < place.top + MARGIN || to.x > place.right - MARGIN || to.y > place.bottom - MARGIN)
      void setCenter((node.x ?? 0) + width / 2, (node.y ?? 0) + height / 2, { zoom: getZoom(), duration: lessMotion ? 0 : 200 });
  });
}

export function Canvas({ drawing, overlay, lexicon, label, chosen, onChoose, onOpen, drawer, focus = null, children }: CanvasProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const phone = usePhone();
  const frame = useRef<HTMLDivElement>(null);
  const { screenToFlowPosition } = useReactFlow<CanvasNode, WayEdge>();
  const [moving, setMoving] = useState<Moving>(STILL);
  const [edge, setEdge] = useState<string | null>(null);
  const isReadOnly = drawer === null;
  const withNumbers = hasNumbers(overlay);
  useFocus(frame, drawing, focus);
  const onMenu = drawer?.onMenu;
  const onMenuOf = useCallback((id: string, at: Point) => {
    if (!chosen.includes(id)) onChoose([id]);
    onMenu?.(id, at);
  }, [chosen, onChoose, onMenu]);
  const press = useLongPress(isReadOnly ? null : onMenuOf);

  const steps = useMemo(() => stepsOf(drawing, overlay, lexicon), [drawing, overlay, lexicon]);
  const chosenSet = useMemo(() => new Set(chosen), [chosen]);
  const nodes = useMemo(() => flowNodes({ drawing, steps, chosen: chosenSet, moving, withNumbers, isReadOnly }), [drawing, steps, chosenSet, moving, withNumbers, isReadOnly]);
  const edges = useMemo(() => flowEdges(drawing, overlay, steps).map((one) => ({ ...one, selected: one.id === edge, markerEnd: ARROW })), [drawing, overlay, steps, edge]);

  const tabStop = chosen[0] ?? reading(drawing)[0] ?? drawing.comments[0]?.id ?? null;
  const onAdd = drawer?.onAdd;
  const acts = useMemo<CanvasActs>(
    () => ({ isReadOnly, lexicon, tabStop, onAdd: (source, port) => onAdd?.(source, port), onMenu: (id, at) => onMenu?.(id, at), onOpen }),
    [isReadOnly, lexicon, tabStop, onAdd, onMenu, onOpen],
  );

  function onNodesChange(changes: NodeChange<CanvasNode>[]) {
    const next = new Set(chosen);
    const places = new Map(moving);
    let ended = false;
    for (const change of changes) {
      if (change.type === "select") {
        if (change.selected) next.add(change.id);
        else next.delete(change.id);
      } else if (change.type === "position" && change.position) {
        places.set(change.id, { ...places.get(change.id), ...change.position });
        ended ||= change.dragging === false;
      } else if (change.type === "dimensions" && change.dimensions && change.resizing !== undefined) {
        const comment = drawing.comments.find(({ id }) => id === change.id);
        if (comment) places.set(change.id, { x: comment.x ?? 0, y: comment.y ?? 0, ...places.get(change.id), ...change.dimensions });
        const size = places.get(change.id);
        if (!change.resizing && size?.width !== undefined && size.height !== undefined) {
          drawer?.onResize(change.id, { x: size.x, y: size.y, width: size.width, height: size.height });
          places.delete(change.id);
        }
      }
    }
    if (changes.some(({ type }) => type === "select")) {
      setEdge(null);
      onChoose([...next]);
    }
    if (ended) {
      drawer?.onMove(new Map([...places].map(([id, { x, y }]) => [id, { x: Math.round(x), y: Math.round(y) }])));
      setMoving(STILL);
    } else if (changes.some(({ type }) => type === "position" || type === "dimensions")) setMoving(places);
  }

  function onEdgesChange(changes: EdgeChange<WayEdge>[]) {
    for (const change of changes) if (change.type === "select") setEdge(change.selected ? change.id : null);
  }

  function onConnectEnd(_event: MouseEvent | TouchEvent, state: FinalConnectionState) {
    if (state.isValid || !state.fromHandle || state.fromHandle.type !== "source" || state.toNode) return;
    drawer?.onAdd(state.fromHandle.nodeId, state.fromHandle.id ?? "out");
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    // Keys of dialogs and menus that were opened from here reach this place too.
    if (!(event.target instanceof HTMLElement) || !event.currentTarget.contains(event.target)) return;
    const id = event.target.dataset.step;
    // What has the focus is meant where it is not among what is chosen.
    const meant = id === undefined || chosen.includes(id) ? chosen : [id];
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const done = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (command) {
      if (key === "a") onChoose([...drawing.nodes, ...drawing.comments].map((one) => one.id));
      else if (!drawer) return;
      else if (key === "z") (event.shiftKey ? drawer.onRedo : drawer.onUndo)();
      else if (key === "y") drawer.onRedo();
      else if (key === "c" && meant.length > 0) drawer.onCopy(meant);
      else if (key === "x" && meant.length > 0) {
        drawer.onCopy(meant);
        drawer.onRemove(meant);
      } else if (key === "v") drawer.onPaste();
      else if (key === "d" && meant.length > 0) drawer.onDuplicate(meant);
      else return;
      done();
      return;
    }
    const direction = ARROWS[event.key];
    if (id !== undefined && direction !== undefined) {
      done();
      if (event.altKey && drawer) {
        const by = NUDGE[direction];
        const all = [...drawing.nodes, ...drawing.comments].filter((one) => meant.includes(one.id));
        drawer.onMove(new Map(all.map((one) => [one.id, { x: (one.x ?? 0) + by.x, y: (one.y ?? 0) + by.y }])));
        return;
      }
      const next = neighbour(drawing, id, direction);
      if (next === null) return;
      onChoose(event.shiftKey ? [...chosen.filter((one) => one !== next), next] : [next]);
      frame.current?.querySelector<HTMLElement>(`[data-step="${next}"]`)?.focus();
      return;
    }
    if (id !== undefined && event.key === "Enter") {
      done();
      if (!chosen.includes(id)) onChoose([id]);
      onOpen(id);
    } else if (id !== undefined && event.key === " ") {
      done();
      onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
    } else if (event.key === "Escape") {
      setEdge(null);
      onChoose([]);
    } else if (!drawer) return;
    else if (event.key === "Delete" || event.key === "Backspace") {
      done();
      if (edge !== null) {
        drawer.onDisconnect(edge);
        setEdge(null);
      } else if (meant.length > 0) drawer.onRemove(meant);
    } else if (id !== undefined && key === "a") {
      done();
      drawer.onAddAfter(id);
    } else if (id !== undefined && (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey) || key === "m")) {
      done();
      const place = event.target.getBoundingClientRect();
      drawer.onMenu(id, { x: place.left + 24, y: place.bottom });
    }
  }

  return (
    <CanvasContext value={acts}>
      <div
        ref={frame}
        className="ht-jc"
        onKeyDown={onKeyDown}
        {...press}
        onDragOver={(event) => {
          if (!drawer || !event.dataTransfer.types.includes(DRAGGED)) return;
          event.preventDefault();
          event.dataTransfer.dropEffect = "copy";
        }}
        onDrop={(event) => {
          const choice = readChoice(event.dataTransfer.getData(DRAGGED));
          if (!drawer || !choice) return;
          event.preventDefault();
          drawer.onDrop(choice, screenToFlowPosition({ x: event.clientX, y: event.clientY }));
        }}
      >
        <p id="ht-jc-keys" className="ht-visually-hidden">{t(isReadOnly ? "canvas.keysReading" : "canvas.keys")}</p>
        <ReactFlow<CanvasNode, WayEdge>
          aria-label={label}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onConnect={({ source, sourceHandle, target }: Connection) => { drawer?.onConnect(source, sourceHandle ?? "out", target); }}
          onConnectEnd={onConnectEnd}
          isValidConnection={({ target }) => { const to = nodeOf(drawing, target); return to !== undefined && to.kind !== "entry"; }}
          onNodeContextMenu={(event, { id }) => {
            if (!drawer) return;
            event.preventDefault();
            onMenuOf(id, { x: event.clientX, y: event.clientY });
          }}
          onPaneClick={() => {
            setEdge(null);
            onChoose([]);
          }}
          nodesDraggable={!isReadOnly}
          nodesConnectable={!isReadOnly}
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={["Shift", "Control", "Meta"]}
          zoomOnDoubleClick={false}
          panOnScroll
          minZoom={ZOOM.min}
          maxZoom={ZOOM.max}
          fitView
          fitViewOptions={{ maxZoom: ZOOM.fit, padding: 0.12 }}
          nodeDragThreshold={4}
          elevateNodesOnSelect={false}
          attributionPosition="bottom-center"
        >
          <Background gap={20} size={1.5} />
          {phone ? null : <MiniMap pannable zoomable ariaLabel={t("canvas.map")} nodeClassName={(node) => `ht-jm-${node.type ?? ""}`} />}
          {children}
        </ReactFlow>
      </div>
    </CanvasContext>
  );
}
