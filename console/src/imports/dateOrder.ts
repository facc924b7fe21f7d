/** One date of the file in both ways it can be meant. */
import dayjs from "dayjs";

import { localDay } from "../format/dates";
import type { ImportDetail } from "./queries";

export interface OrderExamples {
  /** As the file has it: 3/4/24. */
  written: string;
  /** Local days. */
  dmy: string;
  mdy: string;
}

const SHORT_DATE = /\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b/;
const CENTURY = 2000; // as the server reads two digits

function both(first: number, second: number, year: number, written: string): OrderExamples | null {
  const day = (month: number, of: number) => dayjs(`${year}-${String(month).padStart(2, "0")}-${String(of).padStart(2, "0")}`, "YYYY-MM-DD", true);
  const [dmy, mdy] = [day(second, first), day(first, second)];
  return first !== second && dmy.isValid() && mdy.isValid() ? { written, dmy: dmy.format("YYYY-MM-DD"), mdy: mdy.format("YYYY-MM-DD") } : null;
}

/** From the date that the refused first line names; else from a previewed row whose day and month could change places. */
export function orderExamples(batch: Pick<ImportDetail, "preview">, order: "dmy" | "mdy" | "ymd", zone: string): OrderExamples | null {
  for (const { code, message } of batch.preview.rejects) {
    const found = code === "date_order_ambiguous" ? SHORT_DATE.exec(message) : null;
    if (!found) continue;
    const year = Number(found[4]);
    return both(Number(found[1]), Number(found[3]), year < 100 ? year + CENTURY : year, found[0]);
  }
  for (const { at } of batch.preview.records) {
    const [year = 0, month = 0, day = 0] = localDay(at, zone).split("-").map(Number);
    const [first, second] = order === "mdy" ? [month, day] : [day, month];
    const found = both(first, second, year, `${first}/${second}/${year}`);
    if (found) return found;
  }
  return null;
}
