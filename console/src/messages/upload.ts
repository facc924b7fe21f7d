/** An attachment on its way to the server. */
import { csrfToken, newIdempotencyKey } from "../api/middleware";
import { networkProblem, problemFrom } from "../api/problem";
import { currentLanguage } from "../i18n";
import { htmlLang } from "../i18n/language";
import type { KeptFile } from "./parts";

export interface Sending {
  kept: Promise<KeptFile>;
  cancel: () => void;
}

const answerOf = (xhr: XMLHttpRequest): Response => {
  const id = xhr.getResponseHeader("X-Request-ID");
  return new Response(xhr.responseText, { status: xhr.status, statusText: xhr.statusText, headers: id ? { "X-Request-ID": id } : {} });
};

/** fetch() does not say how far an upload is; XMLHttpRequest does. `onShare` hears from 0 to 1. */
export function sendFile(workspace_id: string, file: File, onShare: (share: number) => void): Sending {
  const xhr = new XMLHttpRequest();
  const kept = new Promise<KeptFile>((resolve, reject) => {
    xhr.upload.onprogress = ({ loaded, total }) => {
      onShare(total > 0 ? loaded / total : 0);
    };
    xhr.onload = () => {
      if (xhr.status === 201) resolve(JSON.parse(xhr.responseText) as KeptFile);
      else void problemFrom(answerOf(xhr)).then(reject);
    };
    xhr.onerror = () => {
      reject(networkProblem(new TypeError("upload")));
    };
    xhr.onabort = () => {
      reject(new DOMException("cancelled", "AbortError"));
    };
  });
  const body = new FormData();
  body.append("file", file, file.name);
  xhr.open("POST", `/api/workspaces/${workspace_id}/messages/files`);
  xhr.setRequestHeader("Accept-Language", htmlLang[currentLanguage()]);
  xhr.setRequestHeader("Idempotency-Key", newIdempotencyKey());
  const token = csrfToken();
  if (token) xhr.setRequestHeader("X-CSRFToken", token);
  xhr.send(body);
  return {
    kept,
    cancel: () => {
      xhr.abort();
    },
  };
}
