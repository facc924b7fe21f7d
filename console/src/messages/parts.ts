/** The parts of a message as the API takes them, and what is done to their list. */
import type { FieldError } from "../api/problem";
import type { components } from "../api/schema.gen";

type Schemas = components["schemas"];
export type Part = Schemas["PartIn"];
export type PartKind = Part["kind"];
export type KeptPart = Schemas["PartOut"];
export type PersonalField = Schemas["PersonalFieldOut"];
export type OnPlatform = Schemas["OnPlatformOut"];
export type KeptFile = Schemas["AttachmentOut"];

export const PARTS_MAX = 20;
export const FILE_BYTES_MAX = 20 * 1024 * 1024;
export const TEXT_LENGTH_MAX = 10_000;
export const FALLBACK_LENGTH_MAX = 100;

const NOTHING = { text: "", file: "", name: "", url: "", title: "", description: "", image_url: "" };

export const newPart = (kind: PartKind, said: Partial<Part> = {}): Part => ({ ...NOTHING, ...said, kind });

/** A kept message as the editor takes it: what only the server knows of its files is left out. */
export const partsOf = (kept: readonly KeptPart[]): Part[] =>
  kept.map(({ kind, text, file, name, url, title, description, image_url }) => ({ kind, text, file, name, url, title, description, image_url }));

/** The list with one part at another place; the same list where there is no such place. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const next = [...items];
  if (to < 0 || to >= items.length) return next;
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(to, 0, one);
  return next;
}

/** How a field is written: {{name|朋友}}. Braces and bars in the fallback would end it. */
export function written(name: string, fallback: string): string {
  const clean = fallback.replace(/[{}|]/g, "").trim().slice(0, FALLBACK_LENGTH_MAX);
  return clean === "" ? `{{${name}}}` : `{{${name}|${clean}}}`;
}

/** Whether there is something in every part that needs something, so that it is worth asking how it will look. */
export const isComplete = (parts: readonly Part[]): boolean =>
  parts.length > 0 &&
  parts.every(({ kind, text, file, url }) => (kind === "text" ? text.trim() !== "" : kind === "link" ? /^https?:\/\/\S/.test(url) : kind === "mention_all" || file !== ""));

/** What was said of one field of one part; `where` is the path of the list in the body. */
export function errorAt(errors: readonly FieldError[] | undefined, where: string, index: number, attribute: string): string | undefined {
  const path = `${where}.${index}.${attribute}`;
  return errors?.find(({ field }) => field === path || field.endsWith(`.${path}`))?.message;
}

/** What was said of the message as a whole. */
export const errorOf = (errors: readonly FieldError[] | undefined, where: string): string | undefined =>
  errors?.find(({ field }) => field === where || field.endsWith(`.${where}`))?.message;
