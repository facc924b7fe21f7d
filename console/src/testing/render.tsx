/** Renders a component as the console does: theme, words, queries. */
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";

import { createQueryClient } from "../api/client";
import { Providers } from "../app/Providers";

export function show(element: ReactElement) {
  const queryClient = createQueryClient();
  const wrap = (inner: ReactElement) => <Providers queryClient={queryClient}>{inner}</Providers>;
  const view = render(wrap(element));
  return {
    user: userEvent.setup(),
    rerender: (next: ReactElement) => {
      view.rerender(wrap(next));
    },
    container: view.container,
  };
}
