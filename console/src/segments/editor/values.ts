/** The most frequent real values of an attribute or property, as somebody types. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useEditing, type ValuesOf } from "./context";

const DELAY_MILLISECONDS = 250;
const FRESH_MILLISECONDS = 60_000;

function useLater(text: string): string {
  const [later, setLater] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setLater(text);
    }, DELAY_MILLISECONDS);
    return () => {
      window.clearTimeout(timer);
    };
  }, [text]);
  return later;
}

/** `wanted`: the field has been opened. Values only help: without an answer the field takes what is typed. */
export function useRealValues(of: ValuesOf | null, typed: string, wanted: boolean) {
  const { values } = useEditing();
  const q = useLater(typed.trim());
  const { data, isFetching } = useQuery({
    queryKey: ["condition-values", of, q],
    queryFn: ({ signal }) => (values && of ? values(of, q, signal) : []),
    enabled: wanted && values !== null && of !== null,
    staleTime: FRESH_MILLISECONDS,
    placeholderData: (previous) => previous,
  });
  return { found: data ?? [], isFetching };
}
