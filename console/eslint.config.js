import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules", "dist", "coverage", "src/api/schema.gen.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked, reactHooks.configs.flat["recommended-latest"]],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // React handlers and the router's navigate() return promises whose failures reach the route's error page.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/consistent-type-imports": "error",
      // Redirects and not-found are thrown objects in @tanstack/react-router.
      "@typescript-eslint/only-throw-error": "off",
      "no-console": "error",
      "no-restricted-imports": ["error", { paths: [{ name: "antd", importNames: ["Select"], message: "kit/Select gives the open list its name." }] }],
    },
  },
  { files: ["src/kit/Select.tsx"], rules: { "no-restricted-imports": "off" } },
  {
    files: ["**/*.test.{ts,tsx}"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["scripts/*.mjs", "*.js", "src/app/boot.js"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
