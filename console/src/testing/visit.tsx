/** Opens the console at an address, with what its loaders would have found. */
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";

import { createQueryClient } from "../api/client";
import { Providers } from "../app/Providers";
import { createConsoleRouter } from "../app/router";
import { communitiesQuery, sessionQuery, type SessionAnswer, type SessionCommunity } from "../app/session";

/** `session` is null where the server has still to be asked. */
export function visit(address: string, session: SessionAnswer | null, communities: SessionCommunity[] = []) {
  const queryClient = createQueryClient();
  if (session) {
    queryClient.setQueryData(sessionQuery.queryKey, session);
    for (const { workspace } of session.staff) queryClient.setQueryData(communitiesQuery(workspace.id).queryKey, communities);
  }
  const router = createConsoleRouter(queryClient);
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [address] }), context: { queryClient } });
  render(
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>,
  );
  return { router, user: userEvent.setup() };
}
