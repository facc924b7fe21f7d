/** Every page of the guide, each a chunk of its own. */
import { queryOptions } from "@tanstack/react-query";

import type { Language } from "../i18n/language";
import type { GuideDocument } from "./document";

type Load = () => Promise<GuideDocument>;

const files = import.meta.glob<GuideDocument>(["../../../docs/guide/*/**/*.md", "../../../docs/api.md", "../../../docs/metrics.md"], { import: "default" });

export const FIRST_PAGE = "";

/** A page in the language, or the one that has both; undefined where there is none of that name. */
const loaderOf = (language: Language, page: string): Load | undefined =>
  files[`../../../docs/guide/${language}/${page === FIRST_PAGE ? "README" : page}.md`] ?? files[`../../../docs/${page}.md`];

export const guideQuery = (language: Language, page: string) =>
  queryOptions({
    queryKey: ["guide", language, page],
    queryFn: () => loaderOf(language, page)?.() ?? null,
    staleTime: "static",
    retry: false,
  });
