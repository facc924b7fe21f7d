/** Asks before harm: says what will happen to how many; the name must be typed only when it cannot be undone. */
import { Button, Input, Modal } from "antd";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState } from "./ErrorState";
import { SafeText } from "./SafeText";

interface ConfirmDangerProps {
  open: boolean;
  /** A question with the verb: "删除社群？" */
  title: string;
  /** What will happen, to how many. */
  consequence: ReactNode;
  /** The verb again, on the button. */
  action: string;
  /** Given when it cannot be undone. */
  typeName?: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

const sameName = (typed: string, name: string) => typed.trim().normalize("NFC") === name.trim().normalize("NFC");

function Body({ title, consequence, action, typeName, onConfirm, onClose }: Omit<ConfirmDangerProps, "open">) {
  const { t } = useTranslation(["kit", "common"]);
  const id = useId();
  const [typed, setTyped] = useState("");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ready = typeName === undefined || sameName(typed, typeName);

  async function confirm() {
    if (!ready || pending) return;
    setPending(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (cause) {
      setError(cause);
    } finally {
      setPending(false);
    }
  }

  return (
    <form
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      <div className="ht-danger-body">{consequence}</div>
      {typeName === undefined ? null : (
        <div className="ht-danger-name">
          <label htmlFor={id}>
            {t("danger.typeName", { name: "\u0000" })
              .split("\u0000")
              .flatMap((piece, index) => (index === 0 ? [piece] : [<SafeText key="name" text={typeName} />, piece]))}
          </label>
          <Input
            id={id}
            value={typed}
            autoComplete="off"
            aria-invalid={typed !== "" && !ready}
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
          />
          <span id={`${id}-hint`} role="status" className="ht-secondary">
            {typed !== "" && !ready ? t("danger.mismatch") : ""}
          </span>
        </div>
      )}
      {error === null ? null : <ErrorState error={error} compact />}
      <div className="ht-danger-foot">
        <Button onClick={onClose} disabled={pending}>
          {t("common:cancel")}
        </Button>
        <Button type="primary" danger htmlType="submit" loading={pending} disabled={!ready}>
          {action}
        </Button>
      </div>
    </form>
  );
}

export function ConfirmDanger({ open, ...rest }: ConfirmDangerProps) {
  return (
    <Modal open={open} title={rest.title} footer={null} onCancel={rest.onClose} destroyOnHidden width={480}>
      <Body {...rest} />
    </Modal>
  );
}
