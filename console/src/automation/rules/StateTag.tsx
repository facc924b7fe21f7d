/** How a run ended, in its colour and in a word. */
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import type { Outcome, Run } from "./queries";

const COLORS = { done: "success", skipped: "default", waiting: "processing", failed: "error", unchanged: "default", refused: "warning" } as const;

/** Of a trial: what would become of an action. */
export function WouldTag({ state }: { state: Outcome["state"] }) {
  const { t } = useTranslation(["automation", "common"]);
  return <Tag variant="filled" color={COLORS[state]}>{t(`try.state.${state}`)}</Tag>;
}

export function StateTag({ state }: { state: Run["state"] | Outcome["state"] }) {
  const { t } = useTranslation(["automation", "common"]);
  return <Tag variant="filled" color={COLORS[state]}>{t(`state.${state}`)}</Tag>;
}
