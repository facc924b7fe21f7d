/** Two tags that mean the same become one. */
import { App, Button, Form, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { Phrase, slot } from "../kit/Phrase";
import { TagChip } from "./TagChip";
import { TagSelect } from "./TagSelect";
import { TAGS, useTags, useTagsChanged, type Tag } from "./queries";

export function MergeTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation(["tags", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const changed = useTagsChanged();
  const { data } = useTags();
  const [into_id, setInto] = useState<string | null>(null);
  const into = data?.items.find(({ id }) => id === into_id);
  const merge = $api.useMutation("post", `${TAGS}/{tag_id}/merge`, {
    async onSuccess() {
      onClose();
      void message.success(t("merge.done"));
      await changed();
    },
  });
  return (
    <Modal open title={t("merge.title")} onCancel={onClose} footer={null} width={520}>
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={() => {
          if (into_id !== null) merge.mutate({ params: { path: { ...path, tag_id: tag.id } }, body: { into_id } });
        }}
      >
        <Form.Item label={t("merge.into")} htmlFor="merge-into">
          <TagSelect id="merge-into" label={t("merge.into")} autoFocus value={into_id} fits={({ id }) => id !== tag.id} onChange={setInto} />
        </Form.Item>
        {into ? (
          <div className="ht-notice">
            <p>
              <Phrase
                text={t("merge.consequence", { old: slot(0), kept: slot(1), count: tag.members_count, shown: formatCount(tag.members_count) })}
                parts={[<TagChip key="old" tag={tag} />, <TagChip key="kept" tag={into} />]}
              />
            </p>
            {tag.named_by.length > 0 ? <p>{t("merge.conditions", { count: tag.named_by.length })}</p> : null}
            {tag.segment ? <p>{t("merge.rule")}</p> : null}
            <p className="ht-secondary">{t("merge.forever")}</p>
          </div>
        ) : null}
        {merge.error ? <ErrorState error={merge.error} compact /> : null}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" danger htmlType="submit" disabled={!into} loading={merge.isPending}>
            {t("merge.submit")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
