/** A journey in small: where its nodes stand and how they hang together. A picture beside words that say the same. */
import { useMemo } from "react";

import { placeOf } from "./edits";
import { drawingOf, type Graph } from "./graph";
import { TONES } from "./icons";
import { arranged } from "./layout";
import { sizeOf } from "./sizes";

const PADDING = 24;

export function MiniFlow({ graph, label, tidy = false }: { graph: Graph; label: string; tidy?: boolean }) {
  const { boxes, lines, frame } = useMemo(() => {
    const drawing = drawingOf(graph);
    const places = tidy ? arranged(drawing) : new Map<string, { x: number; y: number }>();
    const found = drawing.nodes.map((node) => ({ id: node.id, tone: TONES[node.kind], ...(places.get(node.id) ?? placeOf(node)), ...sizeOf(node) }));
    const by = new Map(found.map((box) => [box.id, box]));
    const ways = drawing.edges.flatMap(({ source, target, port }) => {
      const [from, to] = [by.get(source), by.get(target)];
      if (!from || !to) return [];
      const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y];
      const bend = Math.max(30, Math.abs(y2 - y1) / 2);
      return [{ key: `${source}:${port}`, d: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}` }];
    });
    const [left, top] = [Math.min(...found.map(({ x }) => x), 0), Math.min(...found.map(({ y }) => y), 0)];
    const [right, bottom] = [Math.max(...found.map(({ x, width }) => x + width), 1), Math.max(...found.map(({ y, height }) => y + height), 1)];
    return { boxes: found, lines: ways, frame: [left - PADDING, top - PADDING, right - left + 2 * PADDING, bottom - top + 2 * PADDING] };
  }, [graph, tidy]);
  return (
    <svg className="ht-jmini" viewBox={frame.join(" ")} role="img" aria-label={label} preserveAspectRatio="xMidYMid meet">
      {lines.map(({ key, d }) => <path key={key} d={d} />)}
      {boxes.map(({ id, x, y, width, height, tone }) => <rect key={id} x={x} y={y} width={width} height={height} rx={16} data-tone={tone} />)}
    </svg>
  );
}
