/** How far a broadcast is, in a word; and when it goes. */
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import { formatDateTime, formatZone } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import type { Line } from "./queries";

const COLOR: Record<Line["state"], string> = { draft: "default", scheduled: "processing", sending: "processing", paused: "warning", done: "success", cancelled: "default" };

export function StateTag({ state }: { state: Line["state"] }) {
  const { t } = useTranslation(["broadcasts", "common"]);
  return (
    <Tag color={COLOR[state]} variant="filled">
      {t(`state.${state}`)}
    </Tag>
  );
}

export function At({ at, zone }: { at: string; zone: string }) {
  const language = useLanguage();
  return (
    <time dateTime={at} title={formatZone(at, zone)} className="ht-time">
      {formatDateTime(at, zone, language)}
    </time>
  );
}
