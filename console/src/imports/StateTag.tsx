/** Where an import is, in a word; with the share done while it works. */
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import type { Import, ImportState } from "./queries";

const COLORS: Partial<Record<ImportState, string>> = {
  checking: "processing",
  running: "processing",
  finishing: "processing",
  cancelling: "warning",
  undoing: "warning",
  done: "success",
  failed: "error",
};

export function StateTag({ batch }: { batch: Pick<Import, "state" | "progress"> }) {
  const { t } = useTranslation(["imports", "common"]);
  const share = batch.state === "running" || batch.state === "checking" ? batch.progress?.percent : undefined;
  return (
    <Tag color={COLORS[batch.state] ?? "default"} variant="outlined">
      {t(`state.${batch.state}`)}
      {share === undefined ? null : ` ${Math.floor(share)}%`}
    </Tag>
  );
}
