/** Files on their way to the server. It outlives the page: somebody may look elsewhere while a large file travels. */
import { useSyncExternalStore } from "react";

import { csrfToken, newIdempotencyKey } from "../api/middleware";
import { networkProblem, problemFrom } from "../api/problem";
import { currentLanguage } from "../i18n";
import { htmlLang } from "../i18n/language";
import type { Kind } from "./kinds";
import type { ImportDetail } from "./queries";

export interface Upload {
  /** Kept, so that they can be sent again with another encoding. */
  files: readonly File[];
  kind: Kind;
  /** Empty: found out by the server. */
  encoding: string;
  names: string[];
  bytes: number;
  sent: number;
  rate_per_second: number;
  state: "sending" | "reading" | "failed" | "done";
  error: unknown;
  made: ImportDetail | null;
}

let current: Upload | null = null;
let request: XMLHttpRequest | null = null;
const listeners = new Set<() => void>();

function set(next: Upload | null) {
  current = next;
  listeners.forEach((listener) => {
    listener();
  });
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

export const useUpload = (): Upload | null => useSyncExternalStore(subscribe, () => current);

/** Leaving the site ends the upload; the browser asks first. */
function ask(event: BeforeUnloadEvent) {
  event.preventDefault();
}

const answerOf = (xhr: XMLHttpRequest): Response => {
  const id = xhr.getResponseHeader("X-Request-ID");
  return new Response(xhr.responseText, { status: xhr.status, statusText: xhr.statusText, headers: id ? { "X-Request-ID": id } : {} });
};

/** fetch() does not say how far an upload is; XMLHttpRequest does. */
export function upload(workspace_id: string, files: readonly File[], { kind = "history", encoding = "" }: { kind?: Kind; encoding?: string } = {}): void {
  if (current?.state === "sending" || current?.state === "reading") return;
  const xhr = new XMLHttpRequest();
  const began = performance.now();
  const body = new FormData();
  files.forEach((file) => {
    body.append("files", file, file.name);
  });
  let state: Upload = {
    files,
    kind,
    encoding,
    names: files.map(({ name }) => name),
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    sent: 0,
    rate_per_second: 0,
    state: "sending",
    error: null,
    made: null,
  };
  const move = (next: Partial<Upload>) => {
    if (request !== xhr) return; // cancelled
    state = { ...state, ...next };
    set(state);
  };
  const end = (next: Partial<Upload>) => {
    window.removeEventListener("beforeunload", ask);
    move(next);
  };
  xhr.upload.onprogress = ({ loaded, total }) => {
    const seconds = (performance.now() - began) / 1000;
    move({ sent: Math.min(loaded, state.bytes), rate_per_second: seconds > 0 ? loaded / seconds : 0, state: loaded >= total ? "reading" : "sending" });
  };
  xhr.upload.onload = () => {
    move({ sent: state.bytes, state: "reading" });
  };
  xhr.onload = () => {
    if (xhr.status === 201) end({ state: "done", made: JSON.parse(xhr.responseText) as ImportDetail });
    else
      void problemFrom(answerOf(xhr)).then((error) => {
        end({ state: "failed", error });
      });
  };
  xhr.onerror = () => {
    end({ state: "failed", error: networkProblem(new TypeError("upload")) });
  };
  request = xhr;
  window.addEventListener("beforeunload", ask);
  xhr.open("POST", `/api/workspaces/${workspace_id}/imports?${new URLSearchParams({ kind, encoding }).toString()}`);
  xhr.setRequestHeader("Accept-Language", htmlLang[currentLanguage()]);
  xhr.setRequestHeader("Idempotency-Key", newIdempotencyKey());
  const token = csrfToken();
  if (token) xhr.setRequestHeader("X-CSRFToken", token);
  set(state);
  xhr.send(body);
}

export function cancelUpload(): void {
  const xhr = request;
  request = null;
  window.removeEventListener("beforeunload", ask);
  xhr?.abort();
  set(null);
}

export function forgetUpload(): void {
  request = null;
  set(null);
}
