/** What a journey is doing, in its colour and in a word. */
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import type { JourneyState } from "./queries";

const COLORS = { draft: "default", on: "success", paused: "warning", stopping: "processing", stopped: "default" } as const satisfies Record<JourneyState, string>;

export function StateTag({ state }: { state: JourneyState }) {
  const { t } = useTranslation(["journeys", "common"]);
  return <Tag variant="filled" color={COLORS[state]}>{t(`state.${state}`)}</Tag>;
}
