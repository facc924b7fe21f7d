/** All Chinese texts, as one chunk: the file name is the namespace. Those left out come with their pages (i18n/index.ts). */
const files = import.meta.glob<Record<string, unknown>>(["./*.json", "!./automation.json", "!./journeys.json"], { eager: true, import: "default" });

export default Object.fromEntries(Object.entries(files).map(([path, texts]) => [path.slice(2, -5), texts]));
