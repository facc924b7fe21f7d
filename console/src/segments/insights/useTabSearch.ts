/** What a tab keeps in the address of the page it stands on: the days of the growth, the segments of the overlap. */
import { useNavigate, useSearch } from "@tanstack/react-router";

import { days, manyOf, parseFilters, type Filter, type FilterValues } from "../../kit/filters/schema";

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Ids; a hand-made address with anything else must not become a refused request. */
function ids(): Filter<string[]> {
  const filter = manyOf();
  return { shape: filter.shape, parse: (raw) => filter.parse(raw)?.filter((one) => UUID.test(one)) };
}

const filters = { days: days(), with: ids() };
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
