/** A node on the canvas: what it is, what it does in a line, its numbers, its ports. */
import { EllipsisOutlined, ExclamationCircleFilled, PlusOutlined, WarningFilled } from "@ant-design/icons";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { formatCount } from "../../format/numbers";
import { useCanvas } from "./context";
import { FAILED, takesPeople } from "./graph";
import { StepIcon } from "./icons";
import { placeOfPort, saysPorts } from "./sizes";
import type { StepData, StepNode } from "./shapes";

function Figures({ data: { numbers, passed, node } }: { data: StepData }) {
  const { t } = useTranslation(["journeys", "common"]);
  if (passed !== null)
    return (
      <p className="ht-jn-figures" data-none={passed === 0}>
        {t("numbers.wouldPass", { count: passed, shown: formatCount(passed) })}
      </p>
    );
  if (numbers === null) return null;
  const { entered, waiting, done, failed } = numbers;
  return (
    <p className="ht-jn-figures">
      <span>{t("numbers.entered", { shown: formatCount(entered) })}</span>
      {waiting > 0 ? <span data-figure="waiting">{t("numbers.waiting", { shown: formatCount(waiting) })}</span> : null}
      {node.kind === "exit" ? null : <span>{t("numbers.done", { shown: formatCount(done) })}</span>}
      {failed > 0 ? <span data-figure="failed">{t("numbers.failed", { shown: formatCount(failed) })}</span> : null}
    </p>
  );
}

function said({ title, summary, errors, warnings, numbers, passed }: StepData, t: ReturnType<typeof useTranslation<["journeys", "common"]>>["t"]): string {
  return [
    title,
    summary,
    ...(errors > 0 ? [t("canvas.errors", { count: errors })] : []),
    ...(warnings > 0 ? [t("canvas.warnings", { count: warnings })] : []),
    ...(numbers ? [t("numbers.entered", { shown: formatCount(numbers.entered) }), t("numbers.waiting", { shown: formatCount(numbers.waiting) }), t("numbers.failed", { shown: formatCount(numbers.failed) })] : []),
    ...(passed === null ? [] : [t("numbers.wouldPass", { count: passed, shown: formatCount(passed) })]),
  ].join(t("canvas.comma"));
}

export const NodeCard = memo(function NodeCard({ id, data, selected, width }: NodeProps<StepNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const { isReadOnly, lexicon, tabStop, onAdd, onMenu, onOpen } = useCanvas();
  const { node, ports } = data;
  const withNames = saysPorts(node);
  const places = node.kind === "go_to" ? ["jump"] : ports.map((port) => port.id);
  const left = (index: number) => `${placeOfPort(node, index, places.length) * 100}%`;
  return (
    <div className="ht-jn" data-tone={node.kind} data-selected={selected} data-wrong={data.errors > 0 || undefined} data-visit={data.visit ?? undefined} data-width={width}>
      {takesPeople(node) ? <Handle type="target" id="in" position={Position.Top} isConnectable={!isReadOnly} className="ht-jn-handle" /> : null}
      <div
        role="button"
        tabIndex={tabStop === id ? 0 : -1}
        className="ht-jn-main"
        data-step={id}
        aria-pressed={selected}
        aria-label={said(data, t)}
        aria-describedby="ht-jc-keys"
        onDoubleClick={() => { onOpen(id); }}
      >
        <StepIcon kind={node.kind} action={node.kind === "action" ? lexicon.actions.find(({ name }) => name === node.action) : undefined} />
        <span className="ht-jn-title">{data.title}</span>
        {data.errors > 0 ? (
          <span className="ht-jn-badge" data-level="error" title={t("canvas.errors", { count: data.errors })}><ExclamationCircleFilled aria-hidden /> {data.errors}</span>
        ) : data.warnings > 0 ? (
          <span className="ht-jn-badge" data-level="warning" title={t("canvas.warnings", { count: data.warnings })}><WarningFilled aria-hidden /> {data.warnings}</span>
        ) : null}
        <span className="ht-jn-summary">{data.summary}</span>
        {node.note ? <span className="ht-jn-note" title={node.note} aria-hidden /> : null}
      </div>
      {isReadOnly ? null : (
        <button type="button" tabIndex={-1} className="ht-jn-more nodrag nopan" aria-label={t("canvas.menuOf", { name: data.title })} onClick={(event) => { onMenu(id, { x: event.clientX, y: event.clientY }); }}>
          <EllipsisOutlined aria-hidden />
        </button>
      )}
      <Figures data={data} />
      {withNames ? (
        <ul className="ht-jn-ports" aria-hidden>
          {ports.map((port) => (
            <li key={port.id} title={port.name} data-open={port.isOpen || undefined}>{port.name}</li>
          ))}
        </ul>
      ) : null}
      {places.map((port, index) => (
        <Handle key={port} type="source" id={port} position={Position.Bottom} isConnectable={!isReadOnly && port !== "jump"} className={port === "jump" ? "ht-jn-handle ht-jn-handle-hidden" : "ht-jn-handle"} data-aside={port === FAILED || undefined} style={{ left: left(index) }} />
      ))}
      {isReadOnly
        ? null
        : ports.map((port, index) =>
            port.isLinked ? null : (
              <button
                key={port.id}
                type="button"
                tabIndex={-1}
                className="ht-jn-add nodrag nopan"
                data-open={port.isOpen || undefined}
                data-aside={(node.kind === "action" && index > 0) || undefined}
                style={{ left: left(index) }}
                aria-label={t("canvas.addBehind", { name: data.title, port: port.name })}
                title={t("canvas.addBehind", { name: data.title, port: port.name })}
                onClick={() => { onAdd(id, port.id); }}
              >
                <PlusOutlined aria-hidden />
              </button>
            ),
          )}
    </div>
  );
});
