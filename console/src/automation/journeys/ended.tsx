/** How somebody left a journey, in words. */
import { useTranslation } from "react-i18next";

const ENDS = ["finished", "goal", "exit", "left", "stopped", "failed", "merged", "removed"] as const;

export function EndedAs({ how }: { how: string }) {
  const { t } = useTranslation(["journeys", "common"]);
  const known = ENDS.find((one) => one === how);
  return known ? <>{t(`ended.${known}`)}</> : null;
}
