/** The typed client: `api` for plain calls, `$api` for React Query hooks. Types come from openapi.json (npm run generate). */
import { QueryClient } from "@tanstack/react-query";
import createFetchClient from "openapi-fetch";
import createReactQueryClient from "openapi-react-query";

import { apiMiddleware } from "./middleware";
import { ApiProblem } from "./problem";
import type { paths } from "./schema.gen";

// Reports can also be had as CSV files; the client asks for JSON.
export const api = createFetchClient<paths, "application/json">({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  fetch: (request) => window.fetch(request),
});
api.use(apiMiddleware);

export const $api = createReactQueryClient(api);

const RETRIES_MAX = 2;
const FRESH_MILLISECONDS = 30_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MILLISECONDS,
        retry: (failures, error) => failures < RETRIES_MAX && error instanceof ApiProblem && error.temporary,
        throwOnError: false,
      },
      // A write is never repeated behind the user's back.
      mutations: { retry: false },
    },
  });
}

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ApiProblem | Error;
  }
}
