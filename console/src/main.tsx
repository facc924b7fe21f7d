/** Starts the console: words first, then the pages. */
import { RouterProvider } from "@tanstack/react-router";
import "antd/dist/reset.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { createQueryClient } from "./api/client";
import { onSignedOut } from "./api/middleware";
import { Providers } from "./app/Providers";
import { createConsoleRouter } from "./app/router";
import "./design/index.css";
import { startTranslations } from "./i18n";

const queryClient = createQueryClient();
const router = createConsoleRouter(queryClient);

onSignedOut(() => {
  const { href } = router.state.location;
  // Before the log-in a refusal is an answer to a form; while a page is on its way the route's own check redirects.
  if (!router.state.matches.some(({ routeId }) => routeId === "/_in") || router.state.status === "pending") return;
  queryClient.clear();
  void router.navigate({ to: "/login", search: { next: href } });
});

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
await startTranslations();
createRoot(place).render(
  <StrictMode>
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
