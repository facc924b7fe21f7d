/** The frame of a page that needs no log-in: mark, language and appearance, content. */
import type { ReactNode } from "react";

import { LanguageMenu, ThemeMenu } from "./menus";
import { Brand } from "./Shell";

export function PlainFrame({ children }: { children: ReactNode }) {
  return (
    <div className="ht-shell ht-plain">
      <header className="ht-header">
        <Brand />
        <div className="ht-header-end">
          <LanguageMenu />
          <ThemeMenu />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="ht-main">
        {children}
      </main>
    </div>
  );
}
