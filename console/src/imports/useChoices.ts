/** The choices of an import: each is saved as it is made, shown at once, and stays on the page when the server refuses it. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { IMPORT, useImportKey, type ImportChange, type ImportDetail, type Options } from "./queries";

const FIELDS = ["format", "channel", "community_id", "community_name", "group_id", "group_name", "groups", "time_zone", "date", "date_order", "encoding", "mapping", "table"];

export interface ChoicesState {
  /** As chosen, saved or not. */
  options: Options;
  change: (body: ImportChange) => void;
  saving: boolean;
  /** Waits for what is on its way; false when the last choice was refused. */
  settled: () => Promise<boolean>;
  /** What the server said about a field. */
  said: (field: string) => string | undefined;
  /** What it said about none. */
  error: unknown;
}

/** A new name takes the place of a chosen row, and the other way round; as the server does it. */
function alone(body: ImportChange): ImportChange {
  return {
    ...body,
    ...(body.community_id ? { community_name: null } : body.community_name ? { community_id: null } : {}),
    ...(body.group_id ? { group_name: null } : body.group_name ? { group_id: null } : {}),
  };
}

export function useChoices(batch: ImportDetail): ChoicesState {
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const key = useImportKey(batch.id);
  const [unsaved, setUnsaved] = useState<ImportChange>({});
  const patch = $api.useMutation("patch", IMPORT, {
    scope: { id: `import ${batch.id}` }, // one after the other: a later choice rests on an earlier one
    onSuccess(changed, { body }) {
      queryClient.setQueryData(key, changed);
      setUnsaved((current) => Object.fromEntries(Object.entries(current).filter(([name, value]) => !(name in body) || body[name as keyof ImportChange] !== value)));
    },
  });
  const last = useRef(Promise.resolve(true));
  const problem = patch.error instanceof ApiProblem ? patch.error : null;
  const placed = problem?.errors.some(({ field }) => FIELDS.some((name) => field === name || field.startsWith(`${name}.`) || field.endsWith(`.${name}`))) ?? false;
  const merged = Object.fromEntries(Object.entries(unsaved).map(([name, value]) => [name, value ?? emptyOf(name)]));
  return {
    options: { ...batch.options, ...merged },
    change: (body) => {
      const next = alone(body);
      setUnsaved((current) => ({ ...current, ...next }));
      last.current = patch.mutateAsync({ params: { path: { ...path, import_id: batch.id } }, body: next }).then(
        () => true,
        () => false, // shown at its field
      );
    },
    saving: patch.isPending,
    settled: () => last.current,
    said: (field) => problem?.fieldMessage(field),
    error: patch.error && !placed ? patch.error : null,
  };
}

/** What an option is when it is taken back. */
function emptyOf(name: string): unknown {
  if (name === "groups" || name === "mapping") return {};
  return name === "community_name" || name === "group_name" || name === "encoding" ? "" : null;
}
