/** A page of the guide beside the list of all of them. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Skeleton } from "antd";
import type { MouseEvent } from "react";
import { useTranslation } from "react-i18next";

import { NotFound } from "../app/NotFound";
import { usePageName } from "../app/usePageName";
import { usePhone } from "../design/useMedia";
import { changeLanguage } from "../i18n";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { Snippet } from "../kit/Snippet";
import type { GuideDocument, Section } from "./document";
import "./guide.css";
import { FIRST_PAGE, guideQuery } from "./pages";

const ONLY_ITSELF = { exact: true, includeSearch: false } as const;

function Contents({ sections }: { sections: readonly Section[] }) {
  const { t } = useTranslation(["shell", "common"]);
  return (
    <nav aria-label={t("guide.contents")} className="ht-guide-contents">
      <Link to="/guide/$" params={{ _splat: FIRST_PAGE }} activeOptions={ONLY_ITSELF}>
        {t("title.guide")}
      </Link>
      {sections.map(({ title, entries }) => (
        <section key={title}>
          <h2>{title}</h2>
          <ul>
            {entries.map(({ page, hash, title: name }) => (
              <li key={page} className={page.includes("/") ? "ht-guide-below" : undefined}>
                <Link to="/guide/$" params={{ _splat: page }} {...(hash ? { hash } : {})} activeOptions={ONLY_ITSELF}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** The markup is made from our own documents while the console is built, with HTML in them switched off. */
function Text({ pieces }: { pieces: GuideDocument["pieces"] }) {
  return pieces.map((piece, index) =>
    "html" in piece ? <div key={index} dangerouslySetInnerHTML={{ __html: piece.html }} /> : <Snippet key={index} label={piece.label} code={piece.code} bare />,
  );
}

/** A link to another page goes there without loading the console anew; one to the other language changes the language. */
function useFollow() {
  const navigate = useNavigate();
  return (event: MouseEvent<HTMLElement>) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link?.pathname.startsWith("/guide") || link.target || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { hreflang, pathname, hash } = link;
    void (async () => {
      if (hreflang === "zh" || hreflang === "en") await changeLanguage(hreflang);
      await navigate({ to: "/guide/$", params: { _splat: pathname.slice("/guide/".length) }, hash: decodeURIComponent(hash.slice(1)) });
    })();
  };
}

export function GuidePage() {
  const { t } = useTranslation(["shell", "common"]);
  const language = useLanguage();
  const { _splat: page = FIRST_PAGE } = useParams({ strict: false });
  const { data: first } = useQuery(guideQuery(language, FIRST_PAGE));
  const { data: shown, error, refetch } = useQuery(guideQuery(language, page));
  const phone = usePhone();
  const follow = useFollow();
  usePageName(page === FIRST_PAGE ? undefined : shown?.title);
  if (shown === null) return <NotFound />;
  const contents = <Contents sections={first?.contents ?? []} />;
  return (
    <div className="ht-page ht-guide">
      {phone ? (
        <details key={page} className="ht-guide-fold">
          <summary>{t("guide.contents")}</summary>
          {contents}
        </details>
      ) : (
        contents
      )}
      <article className="ht-card ht-guide-text" onClick={follow}>
        {shown ? <Text key={`${language} ${page}`} pieces={shown.pieces} /> : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton active paragraph={{ rows: 16 }} />}
      </article>
    </div>
  );
}
