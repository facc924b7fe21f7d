/** Theme, words, zones and queries around everything. */
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { LoadingOutlined } from "@ant-design/icons";
import { App, ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import { useEffect, useMemo, type ReactNode } from "react";

import { useColorMode } from "../design/colorMode";
import { consoleTheme } from "../design/theme";
import { useLessMotion } from "../design/useMedia";
import { dayjsLocale } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";

/** The server writes a fresh nonce into the page; antd puts it on the style elements it makes. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce ?? "";

/** antd's own moves in and out, and stays for ever in a button whose answer comes before it has moved in. */
const LOADING = <LoadingOutlined />;

export function Providers({ queryClient, children }: { queryClient: QueryClient; children: ReactNode }) {
  const { mode } = useColorMode();
  const language = useLanguage();
  const lessMotion = useLessMotion();
  const theme = useMemo(() => consoleTheme(mode, lessMotion), [mode, lessMotion]);

  useEffect(() => {
    document.documentElement.dataset.theme = mode;
  }, [mode]);
  useEffect(() => {
    dayjs.locale(dayjsLocale[language]);
  }, [language]);

  return (
    <QueryClientProvider client={queryClient}>
      <ConfigProvider
        theme={theme}
        locale={language === "zh" ? zhCN : enGB}
        csp={{ nonce }}
        button={{ autoInsertSpace: false, loadingIcon: LOADING }}
      >
        <App className="ht-app" message={{ maxCount: 3 }}>
          {children}
        </App>
      </ConfigProvider>
    </QueryClientProvider>
  );
}
