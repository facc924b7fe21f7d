/** Asks before changes that are not saved are left: the page, or the tab that holds them. */
import { useBlocker } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

const tabOf = (search: object): unknown => ("tab" in search ? search.tab : undefined);

interface LeavingProps {
  isDirty: boolean;
  saved?: RefObject<boolean>;
  /** Of changes that this browser keeps as a draft, whatever tab or reload: forgets it. */
  onDrop?: () => void;
}

export function Leaving({ isDirty, saved, onDrop }: LeavingProps) {
  const { t } = useTranslation(["kit", "common"]);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && !saved?.current && (current.pathname !== next.pathname || (!onDrop && tabOf(current.search) !== tabOf(next.search))),
    enableBeforeUnload: () => isDirty && !saved?.current && !onDrop,
    withResolver: true,
  });
  return (
    <Modal
      open={status === "blocked"}
      title={t(onDrop ? "leave.draftTitle" : "leave.title")}
      onCancel={reset}
      footer={[
        <Button key="drop" danger onClick={() => { onDrop?.(); proceed?.(); }}>{t(onDrop ? "leave.draftDrop" : "leave.drop")}</Button>,
        <Button key="stay" {...(onDrop ? {} : { type: "primary" })} onClick={reset}>{t("leave.stay")}</Button>,
        onDrop ? <Button key="keep" type="primary" onClick={proceed}>{t("leave.draftKeep")}</Button> : null,
      ]}
    >
      <p>{t(onDrop ? "leave.draftBody" : "leave.body")}</p>
    </Modal>
  );
}
