/** Names offered for what does not exist yet. */
import type { ImportDetail } from "./queries";

export const NAME_LENGTH_MAX = 100;
const ENDINGS = /(\.(gz|zip|txt|log|json|jsonl|csv|tsv|ndjson|weechatlog))+$/i;

type Named = Pick<ImportDetail, "files" | "detection">;

const fileStem = (batch: Named): string => (batch.files[0]?.name ?? "").replace(ENDINGS, "").trim().slice(0, NAME_LENGTH_MAX);

/** The group that the files name, if it is one; else the name of the first file. */
export function suggestedName(batch: Named): string {
  const { groups } = batch.detection;
  return ((groups.length === 1 ? groups[0] : "") ?? "").trim().slice(0, NAME_LENGTH_MAX) || fileStem(batch);
}
