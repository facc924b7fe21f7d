/** What every call carries (language, CSRF token, idempotency key) and how every refusal comes back. */
import type { Middleware } from "openapi-fetch";

import { htmlLang } from "../i18n/language";
import { currentLanguage } from "../i18n";
import { networkProblem, problemFrom } from "./problem";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const CSRF_COOKIES = ["__Host-csrftoken", "csrftoken"] as const;

export function csrfToken(cookies: string = document.cookie): string | null {
  const jar = new Map(
    cookies.split(";").map((pair) => {
      const cut = pair.indexOf("=");
      return [pair.slice(0, cut).trim(), decodeURIComponent(pair.slice(cut + 1).trim())] as const;
    }),
  );
  for (const name of CSRF_COOKIES) {
    const token = jar.get(name);
    if (token) return token;
  }
  return null;
}

/** A random UUID (version 4). crypto.randomUUID is absent on plain http outside localhost; a first install may be there. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const signedOutListeners = new Set<() => void>();

/** Called when a request is refused for want of a session. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => {
    signedOutListeners.delete(listener);
  };
}

export const apiMiddleware: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", htmlLang[currentLanguage()]);
    if (SAFE_METHODS.has(request.method)) return request;
    const token = csrfToken();
    if (token) request.headers.set("X-CSRFToken", token);
    if (!request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", newIdempotencyKey());
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return response;
    const problem = await problemFrom(response);
    if (problem.status === 401) {
      signedOutListeners.forEach((listener) => {
        listener();
      });
    }
    throw problem;
  },
  onError({ error }) {
    // A cancelled request is not a failure; React Query recognises it by its own type.
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    return error instanceof TypeError || error instanceof DOMException ? networkProblem(error) : undefined;
  },
};
