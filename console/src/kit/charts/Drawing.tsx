/** The drawn chart. It grows with its card, keeps its size while loading, and reports clicks on points. */
import type { ECharts } from "echarts/core";
import { useEffect, useRef, useState } from "react";

import { chartOption, type Look } from "./options";
import type { ChartPoint, ChartSpec, SeriesChart } from "./spec";

interface DrawingProps {
  chart: ChartSpec;
  look: Look;
  height: number;
  onDrill?: ((point: ChartPoint) => void) | undefined;
  onFailed: () => void;
}

interface Click {
  dataIndex: number;
  seriesId?: string;
  value: unknown;
}

export function clickedPoint(chart: ChartSpec, click: Click): ChartPoint | null {
  if (chart.kind === "retention" || chart.kind === "flow") return null;
  if (chart.kind === "heat") {
    if (!Array.isArray(click.value)) return null;
    const [hour, weekday, value] = click.value as [number, number, number];
    return { series: String(weekday), x: String(hour), value };
  }
  const x = chart.x.values[click.dataIndex];
  const series = chart.series.find(({ key }) => key === click.seriesId);
  const value = series?.values[click.dataIndex];
  return x === undefined || value == null || series === undefined ? null : { series: series.key, x, value };
}

/** Of lines, the whole column can be clicked: the point meant is the nearest in height. */
export function nearestPoint(chart: SeriesChart, index: number, height: number): ChartPoint | null {
  const x = chart.x.values[index];
  if (x === undefined) return null;
  const points = chart.series.flatMap(({ key, values }): ChartPoint[] => {
    const value = values[index];
    return value == null ? [] : [{ series: key, x, value }];
  });
  return points.toSorted((a, b) => Math.abs(a.value - height) - Math.abs(b.value - height))[0] ?? null;
}

/** Calls back for clicks anywhere in the plot, and shows that one can; gives the way to stop. */
function onPlot(engine: ECharts, chart: SeriesChart, onDrill: (point: ChartPoint) => void): () => void {
  const surface = engine.getZr();
  const click = ({ offsetX, offsetY }: { offsetX: number; offsetY: number }) => {
    const at = [offsetX, offsetY];
    if (!engine.containPixel("grid", at)) return;
    const [index = -1, height = 0] = engine.convertFromPixel("grid", at) as [number?, number?];
    const point = nearestPoint(chart, index, height);
    if (point) onDrill(point);
  };
  const move = ({ offsetX, offsetY }: { offsetX: number; offsetY: number }) => {
    surface.setCursorStyle(engine.containPixel("grid", [offsetX, offsetY]) ? "pointer" : "default");
  };
  surface.on("click", click);
  surface.on("mousemove", move);
  return () => {
    if (engine.isDisposed()) return;
    surface.off("click", click);
    surface.off("mousemove", move);
  };
}

export function Drawing({ chart, look, height, onDrill, onFailed }: DrawingProps) {
  const place = useRef<HTMLDivElement>(null);
  const [engine, setEngine] = useState<ECharts | null>(null);
  const failed = useRef(onFailed);
  useEffect(() => {
    failed.current = onFailed;
  });

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let drawn: ECharts | null = null;
    let gone = false;
    const observer = new ResizeObserver(() => {
      drawn?.resize();
    });
    import("./engine").then(
      ({ init }) => {
        if (gone) return;
        drawn = init(element, null, { renderer: "canvas" });
        observer.observe(element);
        setEngine(drawn);
      },
      () => {
        if (!gone) failed.current();
      },
    );
    return () => {
      gone = true;
      observer.disconnect();
      drawn?.dispose();
      setEngine(null);
    };
  }, []);

  useEffect(() => {
    engine?.setOption(chartOption(chart, look), { notMerge: true });
  }, [engine, chart, look]);

  // On paper the page has another width, and nothing is drawn between its layout and the print.
  useEffect(() => {
    if (!engine) return;
    const fit = () => {
      engine.resize();
      engine.getZr().flush();
    };
    window.addEventListener("beforeprint", fit);
    window.addEventListener("afterprint", fit);
    return () => {
      window.removeEventListener("beforeprint", fit);
      window.removeEventListener("afterprint", fit);
    };
  }, [engine]);

  useEffect(() => {
    if (!engine || !onDrill) return;
    if (chart.kind === "line" || chart.kind === "area") return onPlot(engine, chart, onDrill);
    const listener = (click: unknown) => {
      const point = clickedPoint(chart, click as Click);
      if (point) onDrill(point);
    };
    engine.on("click", listener);
    return () => {
      if (!engine.isDisposed()) engine.off("click", listener);
    };
  }, [engine, chart, onDrill]);

  return <div ref={place} className="ht-drawing" role="img" aria-label={look.summary} style={{ height }} data-drawn={engine !== null} />;
}
