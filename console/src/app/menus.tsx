/** The small menus at the end of the header: language, appearance, account. */
import { BgColorsOutlined, GlobalOutlined, UserOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Dropdown, type MenuProps } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { setColorChoice, useColorMode, type ColorChoice } from "../design/colorMode";
import { changeLanguage } from "../i18n";
import type { Language } from "../i18n/language";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { useSession } from "./session";

type Items = NonNullable<MenuProps["items"]>;

// Each language names itself, whatever is shown now.
const languageNames: Record<Language, string> = { zh: "简体中文", en: "English" };
const isLanguage = (key: string): key is Language => key in languageNames;
const languageItems: Items = Object.entries(languageNames).map(([key, name]) => ({
  key,
  label: <span lang={key === "zh" ? "zh-CN" : "en"}>{name}</span>,
}));

function useThemeItems(): Items {
  const { t } = useTranslation(["shell", "common"]);
  return (["system", "light", "dark"] as const).map((key) => ({ key, label: t(`theme.${key}`) }));
}

const isColorChoice = (key: string): key is ColorChoice => key === "system" || key === "light" || key === "dark";

export function LanguageMenu() {
  const { t } = useTranslation(["shell", "common"]);
  const language = useLanguage();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: languageItems,
        selectable: true,
        selectedKeys: [language],
        onClick: ({ key }) => {
          if (isLanguage(key)) void changeLanguage(key);
        },
      }}
    >
      <Button type="text" icon={<GlobalOutlined />} aria-label={`${t("language")}: ${languageNames[language]}`} />
    </Dropdown>
  );
}

export function ThemeMenu() {
  const { t } = useTranslation(["shell", "common"]);
  const { choice } = useColorMode();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: useThemeItems(),
        selectable: true,
        selectedKeys: [choice],
        onClick: ({ key }) => {
          if (isColorChoice(key)) setColorChoice(key);
        },
      }}
    >
      <Button type="text" icon={<BgColorsOutlined />} aria-label={`${t("theme.label")}: ${t(`theme.${choice}`)}`} />
    </Dropdown>
  );
}

export function UserMenu({ withChoices }: { withChoices: boolean }) {
  const { t } = useTranslation(["shell", "common"]);
  const { user, workspace, role } = useSession();
  const { choice } = useColorMode();
  const language = useLanguage();
  const themeItems = useThemeItems();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const logOut = $api.useMutation("delete", "/api/session", {
    async onSuccess() {
      queryClient.clear();
      await navigate({ to: "/login" });
    },
  });
  const choices: Items = withChoices
    ? [
        { type: "divider" },
        { type: "group", label: t("language"), children: languageItems },
        { type: "group", label: t("theme.label"), children: themeItems },
      ]
    : [];
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: withChoices ? [choice, language] : [],
        items: [
          {
            key: "who",
            type: "group",
            label: (
              <span className="ht-who">
                <strong>
                  <SafeText text={user.name} clip />
                </strong>
                <span>{user.email}</span>
                <span>
                  <SafeText text={workspace.name} clip /> · {t(`role.${role}`)}
                </span>
              </span>
            ),
          },
          ...choices,
          { type: "divider" },
          { key: "account", label: t("title.account") },
          { key: "logOut", label: t("logOut") },
        ],
        onClick({ key }) {
          if (key === "logOut") logOut.mutate({});
          else if (key === "account") void navigate({ to: "/account" });
          else if (isLanguage(key)) void changeLanguage(key);
          else if (isColorChoice(key)) setColorChoice(key);
        },
      }}
    >
      <Button type="text" className="ht-user" aria-label={`${t("user")}: ${plainText(user.name)}`} loading={logOut.isPending}>
        <span className="ht-avatar" aria-hidden>
          {Array.from(plainText(user.name).trim())[0]?.toUpperCase() ?? <UserOutlined />}
        </span>
      </Button>
    </Dropdown>
  );
}
