/** Lays the page out for paper, in light colours, before the browser prints it, and as it was afterwards. */
import { useEffect } from "react";
import { flushSync } from "react-dom";

import { showLight } from "../../design/colorMode";

const PAPER = "ht-paper";

export function usePaper(): void {
  useEffect(() => {
    const lay = (onPaper: boolean) => {
      document.documentElement.classList.toggle(PAPER, onPaper);
      flushSync(() => {
        showLight(onPaper);
      });
    };
    const before = () => {
      lay(true);
    };
    const after = () => {
      lay(false);
    };
    // Ahead of the charts, which then draw themselves in the new width.
    window.addEventListener("beforeprint", before, true);
    window.addEventListener("afterprint", after, true);
    return () => {
      window.removeEventListener("beforeprint", before, true);
      window.removeEventListener("afterprint", after, true);
      after();
    };
  }, []);
}
