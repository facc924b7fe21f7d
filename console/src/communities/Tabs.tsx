/** The tabs of a page, in its address: each is a link. */
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

interface TabsProps<Tab extends string> {
  label: string;
  tabs: readonly { key: Tab; name: string }[];
  shown: Tab;
  /** What no tab in the address means. */
  first: Tab;
}

export function Tabs<Tab extends string>({ label, tabs, shown, first }: TabsProps<Tab>) {
  const bar = useRef<HTMLElement>(null);
  // On a phone the bar is wider than the page.
  useEffect(() => {
    bar.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown]);
  return (
    <nav ref={bar} className="ht-tabs" aria-label={label}>
      {tabs.map(({ key, name }) => {
        const current = key === shown ? ("page" as const) : undefined;
        return (
          <Link
            key={key}
            to="."
            search={((previous: object) => ({ ...previous, tab: key === first ? undefined : key })) as never}
            aria-current={current}
            activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
            replace
            resetScroll={false}
          >
            {name}
          </Link>
        );
      })}
    </nav>
  );
}
