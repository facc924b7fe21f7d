/** A secret that is shown this once: it must be taken before the dialog goes, so nothing but its button closes it. */
import { Alert, Button, Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { CopyField } from "../../kit/CopyField";

interface SecretOnceProps {
  title: string;
  /** What the secret is: 密钥. */
  label: string;
  value: string;
  warning: string;
  children?: ReactNode;
  onClose: () => void;
}

export function SecretOnce({ title, label, value, warning, children, onClose }: SecretOnceProps) {
  const { t } = useTranslation(["settings", "common"]);
  return (
    <Modal open title={title} footer={null} closable={false} keyboard={false} mask={{ closable: false }} width={640}>
      <div className="ht-stack">
        <Alert type="warning" showIcon title={warning} />
        <CopyField label={label} value={value} />
        {children}
        <div className="ht-danger-foot ht-secret-foot">
          <Button type="primary" onClick={onClose}>
            {t("secretTaken")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
