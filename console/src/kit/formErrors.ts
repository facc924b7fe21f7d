/** Puts what the server said about fields at those fields of a form; the rest is for an ErrorState beside the button. */
import type { FormInstance } from "antd";

import { ApiProblem } from "../api/problem";

/** `body.account.email` -> `email`: the field's own name is the last word. */
const fieldName = (path: string) => path.split(".").at(-1) ?? path;

/** Gives what is left to show: null when every error has found its field. */
export function placeErrors(form: Pick<FormInstance, "setFields" | "getFieldInstance" | "scrollToField">, fields: readonly string[], error: unknown): unknown {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return error;
  const placed = error.errors.filter(({ field }) => fields.includes(fieldName(field)));
  form.setFields(
    [...new Set(placed.map(({ field }) => fieldName(field)))].map((name) => ({
      name,
      errors: placed.filter(({ field }) => fieldName(field) === name).map(({ message }) => message),
    })),
  );
  const first = placed[0];
  if (first) form.scrollToField(fieldName(first.field), { focus: true, block: "center" });
  return placed.length === error.errors.length ? null : error;
}
