/** What is still to be chosen about a list, in words. */
import { useTranslation } from "react-i18next";

import type { ImportDetail } from "../queries";

export function useMissing(batch: ImportDetail): string[] {
  const { t } = useTranslation(["lists", "common"]);
  const names: Record<string, string> = {
    mapping: t(batch.kind === "orders" ? "missing.mapping_orders" : "missing.mapping_members"),
    keys: t("missing.keys"),
    community: t("missing.community"),
    date_order: t("missing.date_order"),
  };
  return batch.missing.map((name) => names[name] ?? name);
}
