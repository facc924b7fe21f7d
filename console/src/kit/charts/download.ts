/** Hands a file made in the page to the browser's downloads. */
const REVOKE_AFTER_MILLISECONDS = 60_000;
const NAME_LENGTH_MAX = 80;

/** A name every file system takes. */
export function fileName(title: string, extension: string): string {
  const safe = title
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*？：]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, NAME_LENGTH_MAX)
    .replace(/^\.+|[. ]+$/g, "");
  return `${safe || "hutong"}.${extension}`;
}

export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => {
    URL.revokeObjectURL(address);
  }, REVOKE_AFTER_MILLISECONDS);
}
