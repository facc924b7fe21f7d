/** The figures of a chart as a table; for cohorts, the shaded triangle. A figure with members behind it is a button. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { ColorMode } from "../../design/tokens";
import { SafeText } from "../SafeText";
import { shade } from "./shade";
import type { ChartPoint, ChartTable as Figures } from "./spec";

interface ChartTableProps {
  title: string;
  table: Figures;
  /** Shade cells by their share of 1 (cohorts). */
  shaded: boolean;
  mode: ColorMode;
  height: number;
  /** Takes its whole height even when short, as the drawing in its place would: nothing below it moves. */
  fixed?: boolean;
  onDrill?: ((point: ChartPoint) => void) | undefined;
}

export function ChartTable({ title, table, shaded, mode, height, fixed = false, onDrill }: ChartTableProps) {
  const { t } = useTranslation(["kit", "common"]);
  const region = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = region.current;
    if (!element) return;
    const update = () => {
      element.tabIndex = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight ? 0 : -1;
    };
    update();
    const observer = new ResizeObserver(update);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [table]);

  return (
    <div ref={region} className="ht-figures" style={fixed ? { height } : { maxHeight: height }} role="group" aria-label={t("table.scrollHint", { label: title })}>
      <table className={shaded ? "ht-figures-shaded" : undefined}>
        <caption className="ht-visually-hidden">{title}</caption>
        <thead>
          <tr>
            {table.header.map((name, index) => (
              <th key={index} scope="col">
                <SafeText text={name} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <SafeText text={row.name} />
              </th>
              {row.cells.map(({ text, raw, point }, index) => {
                const style = shaded && point !== null ? shade(point.value, mode) : undefined;
                const column = table.header[index + 1] ?? "";
                return (
                  <td key={index} style={style} data-missing={raw === null}>
                    {point !== null && onDrill ? (
                      <button
                        type="button"
                        aria-label={t("chart.drill", { series: column, x: row.name, value: text })}
                        onClick={() => {
                          onDrill(point);
                        }}
                      >
                        {text}
                      </button>
                    ) : (
                      text
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
