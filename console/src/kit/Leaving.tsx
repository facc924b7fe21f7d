/** Asks before changes that are not saved are lost: the page is left, or the tab that holds them. */
import { useBlocker } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

const tabOf = (search: object): unknown => ("tab" in search ? search.tab : undefined);

export function Leaving({ isDirty, saved }: { isDirty: boolean; saved?: RefObject<boolean> }) {
  const { t } = useTranslation(["kit", "common"]);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && !saved?.current && (current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search)),
    enableBeforeUnload: () => isDirty && !saved?.current,
    withResolver: true,
  });
  return (
    <Modal
      open={status === "blocked"}
      title={t("leave.title")}
      onCancel={reset}
      footer={[
        <Button key="drop" danger onClick={proceed}>{t("leave.drop")}</Button>,
        <Button key="stay" type="primary" onClick={reset}>{t("leave.stay")}</Button>,
      ]}
    >
      <p>{t("leave.body")}</p>
    </Modal>
  );
}
