/** A media query as state. (antd's Grid.useBreakpoint is empty on the first render, which makes the page jump.) */
import { useCallback, useSyncExternalStore } from "react";

export const PHONE = "(max-width: 767.98px)";
const LESS_MOTION = "(prefers-reduced-motion: reduce)";

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => {
        media.removeEventListener("change", listener);
      };
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

export const usePhone = () => useMedia(PHONE);

export const useLessMotion = () => useMedia(LESS_MOTION);
