/** An edge: a line with rounded corners, how many went along it, and a button that puts a node in between. */
import { PlusOutlined } from "@ant-design/icons";
import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { formatCompact } from "../../format/numbers";
import { useCanvas } from "./context";
import type { WayEdge } from "./shapes";

export const WayLine = memo(function WayLine(props: EdgeProps<WayEdge>) {
  const { id, data, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected, markerEnd } = props;
  const { t } = useTranslation(["journeys", "common"]);
  const { isReadOnly, lexicon, onAdd } = useCanvas();
  const [path, labelX, labelY] = getSmoothStepPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, borderRadius: 10 });
  if (!data) return null;
  const { isJump, people, isOnPath, source, port, name, label } = data;
  return (
    <>
      <BaseEdge id={id} path={path} {...(markerEnd ? { markerEnd } : {})} className={`ht-jw${isJump ? " ht-jw-jump" : ""}${isOnPath ? " ht-jw-path" : ""}${selected ? " ht-jw-selected" : ""}`} />
      <EdgeLabelRenderer>
        {label === "" ? null : <span className="ht-jw-label" style={{ transform: `translate(-50%, 0) translate(${sourceX}px, ${sourceY + 10}px)` }}>{label}</span>}
        {people !== null ? (
          <span className="ht-jw-people" style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}>{formatCompact(people, lexicon.language)}</span>
        ) : isReadOnly || isJump ? null : (
          <button
            type="button"
            tabIndex={-1}
            className="ht-jw-add nodrag nopan"
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
            aria-label={t("canvas.addBetween", { name })}
            title={t("canvas.addBetween", { name })}
            onClick={() => { onAdd(source, port); }}
          >
            <PlusOutlined aria-hidden />
          </button>
        )}
      </EdgeLabelRenderer>
    </>
  );
});
