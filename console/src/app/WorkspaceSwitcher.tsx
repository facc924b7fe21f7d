/** The workspace the pages are in, and the way to one's other workspaces. */
import { CheckOutlined, DownOutlined, PlusOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { rememberWorkspace, useSession } from "./session";

const NEW = "new";

export function WorkspaceSwitcher({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation(["shell", "common"]);
  const { workspace, places } = useSession();
  const navigate = useNavigate();
  const mayOpenMore = places.some(({ role }) => role === "owner");
  if (places.length < 2 && !mayOpenMore) {
    return (
      <span className="ht-workspace">
        <SafeText text={workspace.name} clip />
      </span>
    );
  }
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          ...places.map(({ workspace: { id, name }, role }) => ({
            key: id,
            icon: id === workspace.id ? <CheckOutlined /> : <span className="ht-no-icon" />,
            label: (
              <span className="ht-workspace-option">
                <SafeText text={name} clip />
                <span className="ht-secondary">{t(`role.${role}`)}</span>
              </span>
            ),
          })),
          ...(mayOpenMore
            ? [{ type: "divider" as const }, { key: NEW, icon: <PlusOutlined />, label: t("newWorkspace") }]
            : []),
        ],
        onClick({ key }) {
          onChosen?.();
          if (key === NEW) {
            void navigate({ to: "/workspaces/new" });
            return;
          }
          rememberWorkspace(key);
          void navigate({ to: "/", search: { workspace: key } });
        },
      }}
    >
      <Button type="text" className="ht-workspace" aria-label={`${t("switchWorkspace")}: ${plainText(workspace.name)}`}>
        <SafeText text={workspace.name} clip />
        <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  );
}
