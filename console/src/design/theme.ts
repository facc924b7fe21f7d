/** The antd theme of one colour mode, with every colour pinned to tokens.ts. */
import { theme as antd, type MappingAlgorithm, type ThemeConfig } from "antd";

import { fontFamily, monoFamily, palettes, shadow, type ColorMode } from "./tokens";



/** antd derives its map of colours from seeds; this last step puts our exact ones back. */
function pinned(mode: ColorMode): MappingAlgorithm {
  const color = palettes[mode];
  return (seed, map) => ({
    ...(map ?? antd.defaultAlgorithm(seed)),
    colorPrimary: color.primary,
    colorPrimaryHover: color.primaryHover,
    colorPrimaryActive: color.primaryActive,
    colorPrimaryBg: color.selected,
    colorPrimaryBgHover: color.selected,
    colorPrimaryBorder: color.primary,
    colorPrimaryText: color.primary,
    colorPrimaryTextHover: color.primaryHover,
    colorPrimaryTextActive: color.primaryActive,
    colorLink: color.primary,
    colorLinkHover: color.primaryHover,
    colorLinkActive: color.primaryActive,
    colorSuccess: color.success,
    colorSuccessText: color.success,
    colorSuccessBg: color.successSoft,
    colorWarning: color.warning,
    colorWarningText: color.warning,
    colorWarningBg: color.warningSoft,
    colorError: color.danger,
    colorErrorHover: color.dangerHover,
    colorErrorActive: color.danger,
    colorErrorText: color.danger,
    colorErrorBg: color.dangerSoft,
    colorInfo: color.info,
    colorInfoText: color.info,
    colorInfoBg: color.infoSoft,
    colorText: color.text,
    colorTextSecondary: color.textSecondary,
    colorTextTertiary: color.textSecondary,
    colorBgLayout: color.page,
    colorBgContainer: color.surface,
    colorBgElevated: color.raised,
    colorBgSpotlight: mode === "light" ? "#2B3130" : "#3A403F",
    colorBorder: color.border,
    colorBorderSecondary: color.divider,
  });
}

/** With less motion nothing of antd waits for the end of a transition, of which there is none then (base.css). */
export function consoleTheme(mode: ColorMode, lessMotion: boolean): ThemeConfig {
  const color = palettes[mode];
  return {
    cssVar: { key: `hutong-${mode}` },
    hashed: false,
    algorithm: [mode === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm, pinned(mode)],
    token: {
      fontFamily,
      fontFamilyCode: monoFamily,
      fontSize: 14,
      fontSizeHeading1: 20,
      fontSizeHeading2: 16,
      borderRadius: 8,
      borderRadiusSM: 6,
      sizeUnit: 4,
      boxShadow: shadow[mode],
      boxShadowSecondary: shadow[mode],
      boxShadowTertiary: "none",
      colorTextLightSolid: color.onSolid,
      colorTextPlaceholder: color.textSecondary,
      colorTextDescription: color.textSecondary,
      colorTextHeading: color.text,
      colorSplit: color.divider,
      controlItemBgActive: color.selected,
      controlItemBgHover: color.hover,
      controlOutline: "transparent",
      lineWidthFocus: 2,
      colorPrimaryBorder: color.focus,
      motion: !lessMotion,
      motionDurationMid: "0.15s",
      motionDurationSlow: "0.2s",
    },
    components: {
      Button: { primaryShadow: "none", dangerShadow: "none", defaultShadow: "none" },
      Tooltip: { colorTextLightSolid: "#F3F5F4" },
      Table: {
        headerBg: color.surface,
        headerColor: color.textSecondary,
        headerSplitColor: "transparent",
        headerSortActiveBg: color.surface,
        headerSortHoverBg: color.hover,
        fixedHeaderSortActiveBg: color.surface,
        bodySortBg: color.surface,
        rowHoverBg: color.hover,
        rowSelectedBg: color.selected,
        rowSelectedHoverBg: color.selected,
        borderColor: color.divider,
      },
      Segmented: { trackBg: color.hover, itemSelectedBg: color.surface, itemColor: color.textSecondary },
      Select: { optionSelectedColor: color.text },
      Alert: { colorText: color.text },
    },
  };
}
