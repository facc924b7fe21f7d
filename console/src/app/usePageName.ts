/** Puts the name of what a page shows at the front of the window's title, once it is known. */
import { useEffect } from "react";

import { plainText } from "../kit/safeText";

const SEPARATOR = " · ";

export function usePageName(name: string | undefined): void {
  useEffect(() => {
    const shown = plainText(name);
    if (shown === "") return;
    const before = document.title;
    document.title = `${shown}${SEPARATOR}${before}`;
    return () => {
      if (document.title === `${shown}${SEPARATOR}${before}`) document.title = before;
    };
  }, [name]);
}
