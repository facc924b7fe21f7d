/** What the server said of fields, handed down to whoever holds them: each part of a form gets the paths that begin at itself. */
import type { ApiProblem, FieldError } from "../../api/problem";
import type { ActionUse } from "./types";

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

/** What stands at `actions.0.settings.tag_id`, or any such place. */
export function valueAt(form: object, field: string): unknown {
  let value: unknown = form;
  for (const step of field.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

interface WithActions {
  actions: readonly ActionUse[];
}

/** What was said of actions goes where its field changed, and follows an action that moves. */
export function stillTrueOfActions(errors: Errors, before: WithActions, after: WithActions): Errors {
  return errors.flatMap((one) => {
    const [whole, index, rest = ""] = /^actions(?:\.(\d+)(.*))?$/u.exec(one.field) ?? [];
    if (whole === undefined) return [one];
    const id = index === undefined ? undefined : before.actions[Number(index)]?.id;
    const now = after.actions.findIndex((action) => action.id === id);
    if (index !== undefined && now < 0) return [];
    const field = index === undefined ? whole : `actions.${now}${rest}`;
    return JSON.stringify(valueAt(before, one.field)) === JSON.stringify(valueAt(after, field)) ? [{ ...one, field }] : [];
  });
}

/** `of.0.value` or `/of/0/value`, as the condition editor takes it. */
export const pointer = (field: string): string => (field === "" || field.startsWith("/") ? field : `/${field.replaceAll(".", "/")}`);
