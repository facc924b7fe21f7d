/** What the server said of fields, handed down to whoever holds them: each part of a form gets the paths that begin at itself. */
import type { ApiProblem, FieldError } from "../../api/problem";

export type Errors = readonly FieldError[];
export const NO_ERRORS: Errors = [];

/** `body.trigger.event` and `trigger.event` are the same place. */
export const errorsOf = ({ errors }: ApiProblem): FieldError[] => errors.map(({ field, message }) => ({ field: field.replace(/^body\.(?:body\.)?/u, ""), message }));

/** Those at a path or below it, as seen from there. Conditions have their pointers behind a slash, which stays. */
export function under(errors: Errors, path: string): FieldError[] {
  return errors.flatMap(({ field, message }) => {
    if (field === path) return [{ field: "", message }];
    if (field.startsWith(`${path}.`)) return [{ field: field.slice(path.length + 1), message }];
    return field.startsWith(`${path}/`) ? [{ field: field.slice(path.length), message }] : [];
  });
}

/** What was said of exactly this field. */
export const errorAt = (errors: Errors, field: string): string | undefined => errors.find((one) => one.field === field)?.message;

/** What was said of this field, or of something in it that has no place of its own. */
export const errorIn = (errors: Errors, field: string): string | undefined => errors.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.message;

/** `of.0.value` or `/of/0/value`, as the condition editor takes it. */
export const pointer = (field: string): string => (field === "" || field.startsWith("/") ? field : `/${field.replaceAll(".", "/")}`);
