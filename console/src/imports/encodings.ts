/** Text encodings the server takes, by the names people know; the first ones are found without asking. */
import { ApiProblem } from "../api/problem";

const NAMES = {
  "utf-8": "UTF-8",
  gb18030: "GB18030",
  "utf-16-le": "UTF-16 LE",
  "utf-16-be": "UTF-16 BE",
  big5: "Big5",
  big5hkscs: "Big5-HKSCS",
  shift_jis: "Shift-JIS",
  cp932: "Windows-932",
  euc_jp: "EUC-JP",
  euc_kr: "EUC-KR",
  cp949: "Windows-949",
  cp1252: "Windows-1252",
  "iso8859-1": "ISO 8859-1",
  "iso8859-15": "ISO 8859-15",
  cp1251: "Windows-1251",
  "koi8-r": "KOI8-R",
};

const names: Readonly<Record<string, string>> = NAMES;

export const encodingName = (value: string): string => names[value] ?? value.toUpperCase();

export const encodingOptions = Object.entries(NAMES).map(([value, label]) => ({ value, label }));

/** Whether a refused upload may be read with another encoding. */
export function isAboutEncoding(error: unknown): boolean {
  const reason = error instanceof ApiProblem && error.code === "file_refused" ? error.params.reason_code : null;
  return typeof reason === "string" && reason.startsWith("encoding_");
}
