/** What a tab keeps in the address of the page it stands on: the days of the growth, the segments of the overlap. */
import { useNavigate, useSearch } from "@tanstack/react-router";

import { days, manyOf, parseFilters, type FilterValues } from "../../kit/filters/schema";

const filters = { days: days(), with: manyOf() };
type TabSearch = FilterValues<typeof filters>;

export function useTabSearch(): [TabSearch, (change: { [Key in keyof TabSearch]?: TabSearch[Key] | undefined }) => void] {
  const search = parseFilters(filters, useSearch({ strict: false }));
  const navigate = useNavigate();
  return [
    search,
    (change) => {
      void navigate({ to: ".", search: ((previous: object) => ({ ...previous, ...change })) as never, replace: true });
    },
  ];
}
