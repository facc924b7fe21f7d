/** What conditions and triggers may speak of, in the reader's language. */
import { useMemo } from "react";

import { useLanguage } from "../../i18n/useLanguage";
import { useVocabulary } from "../../segments/queries";
import { wordsOf } from "../../segments/editor/vocabulary";

export function useWords() {
  const language = useLanguage();
  const { data, error, refetch } = useVocabulary();
  const words = useMemo(() => (data ? wordsOf(data, language) : null), [data, language]);
  return { words, error, retry: () => void refetch() };
}
