/** What every view of the explorer gets. */
import type { BehindPoint } from "../Behind";
import type { AnalyticsSearch } from "../filters";
import type { ReportScope } from "../scope";

export interface ViewProps {
  scope: ReportScope;
  search: AnalyticsSearch;
  change: (next: { [Key in keyof AnalyticsSearch]?: AnalyticsSearch[Key] | undefined }) => void;
  /** Opens the members behind a point; undefined for those who may not see members. */
  onBehind: ((point: BehindPoint) => void) | undefined;
}
