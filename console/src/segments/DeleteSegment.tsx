/** Deleting a segment: refused with the list of what uses it, else confirmed with what goes. */
import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { useDeleteSegment, type Segment } from "./queries";
import { Uses } from "./Uses";

interface DeleteSegmentProps {
  segment: Segment;
  onClose: () => void;
  onDeleted: () => void;
}

export function DeleteSegment({ segment, onClose, onDeleted }: DeleteSegmentProps) {
  const { t } = useTranslation(["segments", "common"]);
  const path = useWorkspacePath();
  const remove = useDeleteSegment();
  if (segment.uses_count > 0) {
    return (
      <Modal open title={t("delete.usedTitle")} onCancel={onClose} footer={<Button type="primary" onClick={onClose}>{t("delete.understood")}</Button>}>
        <div className="ht-stack">
          <p>{t("delete.usedBody")}</p>
          <Uses segment={segment} />
        </div>
      </Modal>
    );
  }
  return (
    <ConfirmDanger
      open
      title={t("delete.title")}
      consequence={
        <p>
          <Phrase text={t("delete.consequence", { name: slot(0), members: formatCount(segment.members_count) })} parts={[<SafeText key="name" text={segment.name} />]} />
        </p>
      }
      action={t("actions.delete")}
      typeName={segment.name}
      onConfirm={async () => {
        await remove.mutateAsync({ params: { path: { ...path, segment_id: segment.id } } });
        onDeleted();
      }}
      onClose={onClose}
    />
  );
}
