/** What jsdom lacks and the components use, and the Chinese texts. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

import { startTranslations } from "../i18n";

// A page that is loaded when first opened may take its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

// jsdom computes no pseudo-elements and says so on every dialog.
const computed = window.getComputedStyle.bind(window);
window.getComputedStyle = (element) => computed(element);

vi.stubGlobal("ResizeObserver", NoResize);
class NoMedia extends EventTarget {
  readonly matches = false;
  constructor(readonly media: string) {
    super();
  }
}

vi.stubGlobal("matchMedia", (query: string) => new NoMedia(query));

beforeEach(async () => {
  window.localStorage.clear();
  await startTranslations("zh");
});
afterEach(cleanup);
