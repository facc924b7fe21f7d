/** The choices about a list, saved and previewed as those of a history are. */
import type { components } from "../../api/schema.gen";
import type { ImportChange, ImportDetail, Options } from "../queries";
import { useChoices } from "../useChoices";

export type TableChoices = components["schemas"]["ListChoices"];
type TableChange = components["schemas"]["ListChange"];

export interface ListChoicesState {
  /** As chosen, saved or not. */
  options: Options;
  table: TableChoices;
  change: (table: TableChange) => void;
  changeOther: (body: ImportChange) => void;
  saving: boolean;
  settled: () => Promise<boolean>;
  said: (field: string) => string | undefined;
  error: unknown;
}

export function useListChoices(batch: ImportDetail): ListChoicesState {
  const { options, change, ...rest } = useChoices(batch);
  const saved = batch.options.table as TableChoices; // a list has them
  return {
    ...rest,
    options,
    table: { ...saved, ...options.table },
    change: (table) => {
      change({ table });
    },
    changeOther: change,
  };
}
