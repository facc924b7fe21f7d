/** The address after "?": plain words a person can read and edit. A list is a repeated name. */
type Search = Record<string, unknown>;

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

export function parseSearch(text: string): Search {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((key) => {
      const values = parameters.getAll(key);
      return [key, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );
}

export function stringifySearch(search: Search): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isPlain(item)) parameters.append(key, String(item));
      else if (item != null) throw new TypeError(`${key} is no plain value: give it its own text form`);
    }
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
