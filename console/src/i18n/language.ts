/** The language of the console: zh or en, from the stored choice, else the browser. */
import { readStored, writeStored } from "../design/storage";

export const languages = ["zh", "en"] as const;
export type Language = (typeof languages)[number];

const KEY = "hutong.language"; // also read by app/boot.js

/** The value of the lang attribute and of Accept-Language. */
export const htmlLang: Record<Language, string> = { zh: "zh-CN", en: "en" };

export function preferredLanguage(browser: string = navigator.language): Language {
  const stored = readStored(KEY);
  if (stored === "zh" || stored === "en") return stored;
  return /^zh/i.test(browser) ? "zh" : "en";
}

export function storeLanguage(language: Language): void {
  writeStored(KEY, language);
}

/** Whether somebody chose a language in this browser; if not, the account's own is taken after the log-in. */
export const hasChosenLanguage = (): boolean => readStored(KEY) !== null;
