/** What happens once a session has begun: it is known everywhere, in the person's language, and the way goes on. */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";

import { rememberWorkspace, sessionQuery, type SessionAnswer } from "../app/session";
import { changeLanguage } from "../i18n";
import { hasChosenLanguage } from "../i18n/language";

export function useEnter() {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (answer: SessionAnswer, to = "/", workspace_id?: string) => {
    if (workspace_id !== undefined) rememberWorkspace(workspace_id);
    queryClient.setQueryData(sessionQuery.queryKey, answer);
    if (answer.user && !hasChosenLanguage()) await changeLanguage(answer.user.language);
    router.history.push(to);
  };
}
