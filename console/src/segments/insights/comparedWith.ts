/** Whom the people of a segment are compared with, in words. */
import { useTranslation } from "react-i18next";

import { plainText } from "../../kit/safeText";
import type { Persona } from "./queries";

export function useComparedWith(): (compared: Persona["compared_with"] | undefined) => string {
  const { t } = useTranslation(["insights", "common"]);
  return (compared) => (compared?.community ? t("against.community", { name: plainText(compared.community.name) }) : t("against.workspace"));
}
