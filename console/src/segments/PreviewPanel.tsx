/** Beside the editor: the condition as a sentence, how many members it has now, a few of them, and what each part has alone. */
import { useQueries } from "@tanstack/react-query";
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../app/session";
import { formatCount, formatPercent, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { MemberLink } from "../members/MemberName";
import type { Condition } from "./editor/language";
import { partsOf, type usePreview } from "./preview";
import { askPreview, askSentence } from "./queries";

type Preview = ReturnType<typeof usePreview>;

/** What each condition of the outermost group has alone. */
function Parts({ preview }: { preview: Preview }) {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const { workspace_id } = useWorkspacePath();
  const parts = preview.isCheap && preview.asked ? partsOf(preview.asked.condition) : [];
  const community = preview.asked?.community ?? null;
  const of = preview.answer?.of ?? 0;
  const answers = useQueries({
    queries: parts.map((condition: Condition) => ({
      queryKey: ["condition-part", workspace_id, condition, community],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const [count, sentence] = await Promise.all([askPreview(workspace_id, { condition, community_id: community, exact: false }, signal), askSentence(workspace_id, condition, signal)]);
        return { count, sentence };
      },
    })),
  });
  const whole = preview.asked?.condition.kind === "any" ? t("preview.partsAny") : t("preview.partsAll");
  if (parts.length === 0) return null;
  return (
    <section aria-labelledby="segment-parts">
      <h2 id="segment-parts">{t("preview.parts")}</h2>
      <ul className="ht-parts">
        {answers.map(({ data }, index) => (
          <li key={index}>
            {data ? (
              <>
                <span className="ht-parts-name">{data.sentence[language]}</span>
                <span className="ht-number">{data.count.is_exact ? formatCount(data.count.count) : t("preview.about", { count: formatCount(data.count.count) })}</span>
                <svg className="ht-parts-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
                  <rect width={of === 0 ? 0 : Math.min(100, (data.count.count / of) * 100)} height={4} rx={1} />
                </svg>
              </>
            ) : (
              <Skeleton active title={false} paragraph={{ rows: 1 }} />
            )}
          </li>
        ))}
      </ul>
      <p className="ht-secondary">{whole}</p>
    </section>
  );
}

function Count({ preview }: { preview: Preview }) {
  const { t } = useTranslation(["segments", "common"]);
  const { answer } = preview;
  if (preview.isNothing || preview.refused.length > 0) return <p className="ht-preview-count ht-secondary">{NO_VALUE}</p>;
  if (!answer) return <Skeleton.Node active className="ht-preview-skeleton" />;
  return (
    <p className="ht-preview-count" data-stale={preview.isStale} aria-busy={preview.isStale}>
      <strong>{answer.is_exact ? formatCount(answer.count) : t("preview.about", { count: formatCount(answer.count) })}</strong>
      <span className="ht-secondary">{t("preview.share", { share: formatPercent(answer.share), of: formatCount(answer.of) })}</span>
    </p>
  );
}

interface PreviewPanelProps {
  preview: Preview;
  /** Who would enter and leave if it were saved now. */
  moves: { coming: number; going: number } | null;
  /** The way to save, below it all. */
  children: ReactNode;
}

export function PreviewPanel({ preview, moves, children }: PreviewPanelProps) {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const { answer, sentence, unfinished, refused, error, retry } = preview;
  return (
    <aside className="ht-card ht-preview ht-stack" aria-label={t("preview.label")}>
      <section aria-labelledby="segment-count">
        <h2 id="segment-count">{t("preview.count")}</h2>
        {error ? <ErrorState error={error} onRetry={retry} compact /> : <Count preview={preview} />}
        <p role="status" className="ht-secondary">
          {refused.length > 0
            ? t("preview.refused", { count: refused.length })
            : preview.isNothing
              ? t("preview.nothing")
              : unfinished > 0
                ? t("preview.unfinished", { count: unfinished })
                : answer && !answer.is_exact
                  ? t("preview.counting")
                  : ""}
        </p>
      </section>
      {sentence ? (
        <section aria-labelledby="segment-sentence">
          <h2 id="segment-sentence">{t("preview.sentence")}</h2>
          <p className="ht-sentence">{sentence[language]}</p>
        </section>
      ) : null}
      <Parts preview={preview} />
      {answer && answer.examples.length > 0 ? (
        <section aria-labelledby="segment-examples">
          <h2 id="segment-examples">{t("preview.examples")}</h2>
          <ul className="ht-examples" data-stale={preview.isStale}>
            {answer.examples.map((member) => (
              <li key={member.id}>
                <MemberLink member={member} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <div className="ht-preview-foot">
        {moves ? <p>{t("preview.change", { coming: formatCount(moves.coming), going: formatCount(moves.going) })}</p> : null}
        {children}
      </div>
    </aside>
  );
}
