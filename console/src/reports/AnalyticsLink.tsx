/** A way into the explorer that takes the days, groups and comparison of the page along. */
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { parseReportSearch, type AnalyticsSearch } from "./filters";

interface AnalyticsLinkProps {
  search: AnalyticsSearch;
  children: ReactNode;
}

export function AnalyticsLink({ search, children }: AnalyticsLinkProps) {
  const address: Record<string, unknown> = useSearch({ strict: false });
  return (
    <Link to="/analytics" search={{ ...parseReportSearch(address), ...search }}>
      {children}
    </Link>
  );
}
