/** Asks before somebody is taken out of a journey. */
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../../app/session";
import { ConfirmDanger } from "../../kit/ConfirmDanger";
import { Phrase, slot } from "../../kit/Phrase";
import { SafeText } from "../../kit/SafeText";
import { useJourneysChanged, useTakeOut } from "./queries";
import "./member.css";

interface TakeOutDialogProps {
  open: boolean;
  enrolment: string;
  name: string;
  journey: string;
  onDone?: () => void;
  onClose: () => void;
}

export function TakeOutDialog({ open, enrolment, name, journey, onDone, onClose }: TakeOutDialogProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const path = useWorkspacePath();
  const changed = useJourneysChanged();
  const takeOut = useTakeOut();
  return (
    <ConfirmDanger
      open={open}
      title={t("people.takeOutTitle")}
      consequence={<p className="ht-jm-words"><Phrase text={t("people.takeOutBody", { name: slot(0), journey: slot(1) })} parts={[<SafeText key="name" text={name} />, <SafeText key="journey" text={journey} />]} /></p>}
      action={t("people.takeOut")}
      onConfirm={async () => {
        await takeOut.mutateAsync({ params: { path: { ...path, enrolment_id: enrolment } } });
        await changed();
        onDone?.();
      }}
      onClose={onClose}
    />
  );
}
