/** Something written on the canvas. It is edited in the drawer, by double click or Enter. */
import { NodeResizer, type NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { plainText } from "../../kit/safeText";
import { useCanvas } from "./context";
import type { CommentNode } from "./shapes";

const WIDTH_MIN = 120;
const HEIGHT_MIN = 60;

export const CommentCard = memo(function CommentCard({ id, data: { comment }, selected }: NodeProps<CommentNode>) {
  const { t } = useTranslation(["journeys", "common"]);
  const { isReadOnly, tabStop, onOpen } = useCanvas();
  const text = plainText(comment.text ?? "");
  return (
    <>
      {isReadOnly ? null : <NodeResizer isVisible={selected} minWidth={WIDTH_MIN} minHeight={HEIGHT_MIN} />}
      <div
        role="button"
        tabIndex={tabStop === id ? 0 : -1}
        className="ht-jn-comment"
        data-step={id}
        aria-pressed={selected}
        aria-label={t("comment.said", { text: text || t("comment.empty") })}
        onDoubleClick={() => { onOpen(id); }}
      >
        {text || <span className="ht-secondary">{t("comment.empty")}</span>}
      </div>
    </>
  );
});
