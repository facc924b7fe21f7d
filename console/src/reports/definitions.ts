/** What every number is called and means, as the API defines it. */
import { useMemo } from "react";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import { useLanguage } from "../i18n/useLanguage";
import type { DefinitionText } from "../kit/Definition";

type Raw = components["schemas"]["DefinitionOut"];

export interface Metric {
  key: string;
  name: string;
  definition: DefinitionText;
  unit: Raw["format"];
  better: "up" | "down" | undefined;
  change: Raw["change"];
  kind: Raw["kind"];
  has_series: boolean;
}

/** By key, in the order in which they are shown; empty until they are known. */
export function useMetrics(): ReadonlyMap<string, Metric> {
  const language = useLanguage();
  const path = useWorkspacePath();
  const { data } = $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/definitions", { params: { path } }, { staleTime: Infinity });
  return useMemo(
    () =>
      new Map(
        (data?.items ?? []).map((raw) => [
          raw.key,
          {
            key: raw.key,
            name: raw.name[language],
            definition: { text: raw.formula[language] },
            unit: raw.format,
            better: raw.better === "none" ? undefined : raw.better,
            change: raw.change,
            kind: raw.kind,
            has_series: raw.has_series,
          },
        ]),
      ),
    [data, language],
  );
}
