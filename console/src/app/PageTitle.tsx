/** Title of the window per route, and the focus on the new page's content, as a page load would do it. */
import { useMatches } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { plainText } from "../kit/safeText";
import { titleKeys } from "./titles";

export function PageTitle({ workspace }: { workspace?: string }) {
  const { t } = useTranslation(["shell", "alerts", "broadcasts", "channels", "communities", "inbox", "insights", "members", "replies", "scripts", "segments", "settings", "tags", "todos", "welcomes", "common"]);
  const matches = useMatches();
  const last = matches.at(-1);
  const key = last?.status === "notFound" ? "notFound" : last?.staticData.title;
  const pathname = last?.pathname;
  const product = t("common:product");
  const title = [key ? t(titleKeys[key]) : null, plainText(workspace), product].filter(Boolean).join(" · ");

  useEffect(() => {
    document.title = title;
  }, [title]);

  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [pathname]);
  return null;
}
