/**
 * i18next with one lazily loaded chunk per language; the language can change without a reload. What only one kind of page says is
 * loaded with that page.
 */
import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";

import { htmlLang, preferredLanguage, storeLanguage, type Language } from "./language";

const load: Record<Language, () => Promise<{ default: Record<string, unknown> }>> = {
  zh: () => import("./zh"),
  en: () => import("./en"),
};

const late = import.meta.glob<Record<string, unknown>>(["./*/automation.json", "./*/journeys.json"], { import: "default" });
const asked = new Set<string>();

async function addLate(instance: i18n, language: Language, namespace: string): Promise<void> {
  if (instance.hasResourceBundle(language, namespace)) return;
  const texts = await late[`./${language}/${namespace}.json`]?.();
  instance.addResourceBundle(language, namespace, texts);
}

async function addTexts(instance: i18n, language: Language): Promise<void> {
  const lateOnes = [...asked].map((namespace) => addLate(instance, language, namespace));
  if (!instance.hasResourceBundle(language, "common")) {
    const { default: namespaces } = await load[language]();
    for (const [namespace, texts] of Object.entries(namespaces)) {
      instance.addResourceBundle(language, namespace, texts);
    }
  }
  await Promise.all(lateOnes);
}

/** A page together with its late texts: `withTexts(["journeys"], import("./JourneysPage"))`. */
export async function withTexts<Page>(namespaces: readonly string[], page: Promise<Page>): Promise<Page> {
  for (const namespace of namespaces) asked.add(namespace);
  const [found] = await Promise.all([page, addTexts(i18next, currentLanguage())]);
  return found;
}

export async function startTranslations(language: Language = preferredLanguage()): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: "common",
    ns: ["common"],
    partialBundledLanguages: true,
    resources: {},
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
    react: { useSuspense: false },
  });
  await addTexts(i18next, language);
  document.documentElement.lang = htmlLang[language];
  return i18next;
}

export async function changeLanguage(language: Language): Promise<void> {
  await addTexts(i18next, language);
  storeLanguage(language);
  document.documentElement.lang = htmlLang[language];
  await i18next.changeLanguage(language);
}

export function currentLanguage(): Language {
  return i18next.language === "en" ? "en" : "zh";
}
