/** The frame of every page behind the log-in: menu at the side (a drawer on phones), header, content. */
import { MenuOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { AlertBell } from "../alerts/AlertBell";
import { Mark } from "../design/Mark";
import { usePhone } from "../design/useMedia";
import { CommunitySwitcher } from "./CommunitySwitcher";
import { InboxBell } from "../inbox/InboxBell";
import { LanguageMenu, ThemeMenu, UserMenu } from "./menus";
import { openPlaces, type NavigationIcon } from "./navigation";
import { SampleNotice } from "./SampleNotice";
import { WorkspaceSwitcher } from "./WorkspaceSwitcher";

function Places({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation(["shell", "common"]);
  return (
    <ul className="ht-places">
      {openPlaces.map(({ key, to, icon }) => {
          const Icon: NavigationIcon = icon;
          return (
            <li key={key}>
              <Link to={to} activeOptions={{ exact: to === "/", includeSearch: false }} onClick={onChosen}>
                <Icon aria-hidden />
                <span>{t(`nav.${key}`)}</span>
              </Link>
            </li>
          );
        })}
    </ul>
  );
}

/** Apart from the places of work, at the foot of the menu. */
function Help({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation(["shell", "common"]);
  return (
    <Link to="/guide/$" params={{ _splat: "" }} activeOptions={{ includeSearch: false }} className="ht-help" onClick={onChosen}>
      <QuestionCircleOutlined aria-hidden />
      <span>{t("help")}</span>
    </Link>
  );
}

export function Brand() {
  const { t } = useTranslation(["shell", "common"]);
  return (
    <Link to="/" className="ht-brand" activeProps={{ "aria-current": undefined }}>
      <Mark size={24} />
      <span>{t("common:product")}</span>
    </Link>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation(["shell", "common"]);
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
  };
  return (
    <div className="ht-shell">
      <a
        className="ht-skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // the hash must not become a part of the address
          document.getElementById("main")?.focus();
        }}
      >
        {t("skip")}
      </a>
      {phone ? (
        <Drawer
          open={open}
          onClose={close}
          placement="left"
          size={264}
          title={<Brand />}
          closable={{ "aria-label": t("closeMenu"), placement: "end" }}
          className="ht-drawer-menu"
        >
          <WorkspaceSwitcher onChosen={close} />
          <nav aria-label={t("menu")}>
            <Places onChosen={close} />
            <Help onChosen={close} />
          </nav>
        </Drawer>
      ) : (
        <nav aria-label={t("menu")} className="ht-side">
          <Brand />
          <Places />
          <Help />
        </nav>
      )}
      <header className="ht-header">
        {phone ? (
          <Button
            type="text"
            icon={<MenuOutlined />}
            aria-label={t("openMenu")}
            aria-expanded={open}
            onClick={() => {
              setOpen(true);
            }}
          />
        ) : (
          <WorkspaceSwitcher />
        )}
        <CommunitySwitcher />
        <div className="ht-header-end">
          <InboxBell />
          <AlertBell />
          {phone ? null : (
            <>
              <LanguageMenu />
              <ThemeMenu />
            </>
          )}
          <UserMenu withChoices={phone} />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="ht-main">
        <SampleNotice />
        {children}
      </main>
    </div>
  );
}
