/** CSV that a spreadsheet opens as text and numbers and never as formulas. */
import type { ChartTable } from "./spec";

const BOM = "\uFEFF"; // without it Excel reads Chinese as garbage
const LIVE = /^[=+\-@\t\r\n＝＋－＠]/;

export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const safe = LIVE.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return BOM + rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

export function chartCsv(table: ChartTable): string {
  return csvText([table.header, ...table.rows.map((row) => [row.rawName, ...row.cells.map((cell) => cell.raw)])]);
}
