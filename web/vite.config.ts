import { defineConfig } from "vite";

/** The page in one script and one sheet, named by their content; nothing is fetched from elsewhere. */
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
