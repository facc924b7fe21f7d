/// <reference types="vitest/config" />
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

import { guidePages } from "./scripts/guide.ts";

const BOOT_SOURCE = new URL("./src/app/boot.js", import.meta.url);

/**
 * Theme and language must be on <html> before the first paint, and the content policy allows no inline script. The script also
 * asks for the texts of its language at once, beside the code that will want them.
 */
function bootScript(): Plugin {
  let building = false;
  const source = () => readFileSync(BOOT_SOURCE, "utf8");
  const fileName = () => `assets/boot-${createHash("sha256").update(source()).digest("hex").slice(0, 8)}.js`;
  return {
    name: "hutong-boot-script",
    configResolved(config) {
      building = config.command === "build";
    },
    buildStart() {
      if (building) this.emitFile({ type: "asset", fileName: fileName(), source: source() });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const texts = (language: string) => {
          const found = Object.values(bundle).find((file) => file.type === "chunk" && file.facadeModuleId?.endsWith(`/i18n/${language}/index.ts`));
          return found ? { [`data-${language}`]: `/${found.fileName}` } : {};
        };
        const src = building ? `/${fileName()}` : "/src/app/boot.js";
        return [{ tag: "script", attrs: { src, ...texts("zh"), ...texts("en") }, injectTo: "head-prepend" }];
      },
    },
  };
}

/**
 * antd's dialogs, drawers and tables insert style elements without the nonce they were given (only its theme uses it).
 * The content policy would refuse them, so the one function that makes them takes the page's nonce. Should an upgrade
 * change that function, the build stops here.
 */
function nonceForStyles(): Plugin {
  const FILE = /@rc-component\/util\/es\/Dom\/dynamicCSS\.js$/;
  const FOUND = "if (csp?.nonce) {\n    styleNode.nonce = csp?.nonce;\n  }";
  const PUT = "styleNode.nonce = csp?.nonce || document.querySelector('meta[name=\"csp-nonce\"]')?.nonce || '';";
  return {
    name: "hutong-nonce-for-styles",
    transform: {
      filter: { id: FILE },
      handler(code) {
        if (!code.includes(FOUND)) this.error("dynamicCSS.js has changed: mend nonceForStyles in vite.config.ts");
        return { code: code.replace(FOUND, PUT), map: null };
      },
    },
  };
}

/**
 * A browser asks one server for six files at a time, so forty small ones cost more rounds than they save bytes. What most
 * pages share comes as two files; tables and charts, which the first sight of a page does not need, stay apart.
 */
const SHARED_BY = 14;
const heavy = /[\\/](table|pagination|echarts|zrender)[\\/]/;
const groups = [
  { name: "libraries", test: (id: string) => id.includes("node_modules") && !heavy.test(id), minShareCount: SHARED_BY, priority: 20 },
  { name: "shared", test: (id: string) => /[\\/]src[\\/].*\.tsx?$/.test(id) && !heavy.test(id), minShareCount: SHARED_BY, priority: 10 },
];

export default defineConfig({
  plugins: [react(), bootScript(), nonceForStyles(), guidePages()],
  build: {
    outDir: "../hutong/console_dist",
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0,
    manifest: true,
    target: "es2022",
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  // Excluded so that nonceForStyles reaches it in development too; what it needs in the old module form must then be named.
  optimizeDeps: { exclude: ["@rc-component/util"], include: ["@rc-component/util > is-mobile", "@rc-component/util > react-is"] },
  server: {
    host: "127.0.0.1",
    port: 5173,
    fs: { allow: [".", "../docs"] }, // the pages of the guide
    proxy: {
      // The server compares Origin with Host, so the browser's Host must reach it.
      "/api": { target: "http://127.0.0.1:8000", changeOrigin: false },
      "/v1": { target: "http://127.0.0.1:8000", changeOrigin: false },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
