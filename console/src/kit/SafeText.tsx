/** A name or text from outside: isolated from the direction of the page, with hidden characters shown as small marks. Never HTML. */
import { useTranslation } from "react-i18next";

import { textParts } from "./safeText";

export function SafeText({ text, clip = false }: { text: string | null | undefined; clip?: boolean }) {
  const { t } = useTranslation(["kit", "common"]);
  const parts = textParts(text ?? "");
  if (!parts.some((part) => part.kind === "text" && part.text.trim() !== "") && parts.length === 0) {
    return <span className="ht-secondary">{t("common:noName")}</span>;
  }
  return (
    <bdi className={clip ? "ht-clip" : undefined}>
      {parts.map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <span
            key={index}
            className="ht-hidden-mark"
            role="img"
            title={part.code}
            aria-label={t("text.hidden", { code: part.code })}
          />
        ),
      )}
    </bdi>
  );
}
