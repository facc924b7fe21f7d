/** The choice to leave out what cannot be read and import the rest, kept with the import. */
import { useQueryClient } from "@tanstack/react-query";
import { Checkbox } from "antd";
import { useState } from "react";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { IMPORT, useImportKey, type ImportDetail } from "./queries";

export function KeepGoodRows({ batch, label }: { batch: ImportDetail; label: string }) {
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const key = useImportKey(batch.id);
  // What was asked for stands from the click on, until the server's answer takes its place.
  const [asked, setAsked] = useState<boolean>();
  const keep = $api.useMutation("patch", IMPORT, {
    // An answer on its way from before the choice must not undo it on the page.
    onMutate: () => queryClient.cancelQueries({ queryKey: key }),
    onSuccess(changed) {
      queryClient.setQueryData(key, changed);
    },
    onSettled() {
      setAsked(undefined);
    },
  });
  return (
    <>
      <Checkbox
        checked={asked ?? batch.keep_good_rows}
        onChange={(event) => {
          setAsked(event.target.checked);
          keep.mutate({ params: { path: { ...path, import_id: batch.id } }, body: { keep_good_rows: event.target.checked } });
        }}
      >
        {label}
      </Checkbox>
      {keep.error ? <ErrorState error={keep.error} compact /> : null}
    </>
  );
}
