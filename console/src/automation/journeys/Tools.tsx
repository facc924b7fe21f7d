/** The buttons on the canvas: near and far, back and forth, tidying up. */
import { AimOutlined, ApartmentOutlined, CommentOutlined, FullscreenOutlined, MinusOutlined, PlusOutlined, RedoOutlined, SnippetsOutlined, UndoOutlined } from "@ant-design/icons";
import { Panel, useReactFlow, useStore } from "@xyflow/react";
import { Button, Tooltip } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useLessMotion, usePhone } from "../../design/useMedia";
import { formatPercent } from "../../format/numbers";

interface ToolProps {
  label: string;
  icon: ReactNode;
  disabled?: boolean;
  onClick: () => void;
}

function Tool({ label, icon, disabled = false, onClick }: ToolProps) {
  return (
    <Tooltip title={label} placement="top">
      <Button type="text" icon={icon} aria-label={label} disabled={disabled} onClick={onClick} />
    </Tooltip>
  );
}

export function ZoomTools() {
  const { t } = useTranslation(["journeys", "common"]);
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  const zoom = useStore(({ transform }) => transform[2]);
  const lessMotion = useLessMotion();
  const phone = usePhone();
  const how = { duration: lessMotion ? 0 : 200 };
  const fit = <Tool label={t("tools.fit")} icon={<FullscreenOutlined />} onClick={() => void fitView({ ...how, padding: 0.12, maxZoom: 1 })} />;
  // Two fingers do the rest.
  if (phone) return <Panel position="bottom-left" className="ht-jt">{fit}</Panel>;
  return (
    <Panel position="bottom-left" className="ht-jt" role="toolbar" aria-label={t("tools.view")}>
      <Tool label={t("tools.zoomOut")} icon={<MinusOutlined />} onClick={() => void zoomOut(how)} />
      <span className="ht-jt-zoom" aria-live="polite">{formatPercent(zoom).replace(/\.\d/u, "")}</span>
      <Tool label={t("tools.zoomIn")} icon={<PlusOutlined />} onClick={() => void zoomIn(how)} />
      <Tool label={t("tools.zoomOne")} icon={<AimOutlined />} onClick={() => void zoomTo(1, how)} />
      {fit}
    </Panel>
  );
}

interface DrawToolsProps {
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onArrange: () => void;
  onComment: () => void;
  onPaste: () => void;
  /** Phones have no palette beside the canvas. */
  add?: ReactNode;
}

export function DrawTools({ canUndo, canRedo, onUndo, onRedo, onArrange, onComment, onPaste, add }: DrawToolsProps) {
  const { t } = useTranslation(["journeys", "common"]);
  return (
    <Panel position="top-left" className="ht-jt" role="toolbar" aria-label={t("tools.edit")}>
      {add}
      <Tool label={t("tools.undo")} icon={<UndoOutlined />} disabled={!canUndo} onClick={onUndo} />
      <Tool label={t("tools.redo")} icon={<RedoOutlined />} disabled={!canRedo} onClick={onRedo} />
      <Tool label={t("tools.arrange")} icon={<ApartmentOutlined />} onClick={onArrange} />
      <Tool label={t("tools.comment")} icon={<CommentOutlined />} onClick={onComment} />
      <Tool label={t("tools.paste")} icon={<SnippetsOutlined />} onClick={onPaste} />
    </Panel>
  );
}
