/** The persona as a picture, and on paper. */
import { PictureOutlined, PrinterOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { download, fileName } from "../../kit/charts/download";
import { plainText } from "../../kit/safeText";
import { useComparedWith } from "../insights/comparedWith";
import type { Persona } from "../insights/queries";
import { personaPng } from "./card";
import { useCardWords } from "./useCardWords";

export function PersonaPicture({ persona }: { persona: Persona }) {
  const { t } = useTranslation(["insights", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const words = useCardWords();
  const against = useComparedWith()(persona.compared_with);
  const [drawing, setDrawing] = useState(false);
  async function save() {
    setDrawing(true);
    try {
      download(await personaPng(persona, { ...words, against, language }), fileName(`${plainText(persona.segment.name)} ${t("persona.title")}`, "png"));
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      void message.error(t("persona.pictureFailed"));
    } finally {
      setDrawing(false);
    }
  }
  return (
    <Button icon={<PictureOutlined aria-hidden />} loading={drawing} onClick={() => void save()}>
      {t("persona.picture")}
    </Button>
  );
}

export function PersonaPrint() {
  const { t } = useTranslation(["insights", "common"]);
  return (
    <Button
      icon={<PrinterOutlined aria-hidden />}
      onClick={() => {
        window.print();
      }}
    >
      {t("persona.print")}
    </Button>
  );
}
