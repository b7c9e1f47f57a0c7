import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { viteSingleFile } from "vite-plugin-singlefile";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Where the built files go: into the Python package, or, to look at them first, into a folder of your own.
const out = process.env.TOCSIN_UI_OUT;
const SERVED = process.env.TOCSIN_API ?? "http://127.0.0.1:8765";
const OUT = {
  app: out ? `${out}/static` : here("../src/tocsin/web/static"),
  report: out ? `${out}/built` : here("../src/tocsin/show/built"),
};

// What the built files are made of, apart from the tools: the same list as in tests/house/test_built.py.
const SOURCES = [
  "index.html",
  "report.html",
  "openapi.json",
  "package-lock.json",
  "svelte.config.js",
  "vite.config.ts",
];

/** A digest of all sources, kept beside what was built of them, so that a test without Node sees if one moved on. */
function stamp(): Plugin {
  return {
    name: "stamp",
    generateBundle() {
      const inner = readdirSync(here("src"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "api.d.ts")
        .map((entry) => `${entry.parentPath}/${entry.name}`.slice(here(".").length));
      const hash = createHash("sha256");
      for (const file of [...SOURCES, ...inner].sort()) {
        hash
          .update(`${file}\0`)
          .update(readFileSync(here(file)))
          .update("\0");
      }
      this.emitFile({ type: "asset", fileName: "source.sha256", source: `${hash.digest("hex")}\n` });
    },
  };
}

export default defineConfig(({ mode }) => {
  const report = mode === "report";
  return {
    root: here("."),
    base: "./",
    plugins: [svelte(), svelteTesting(), report ? viteSingleFile({ removeViteModuleLoader: true }) : stamp()],
    resolve: {
      alias: {
        $lib: here("src/lib"),
        $parts: here("src/parts"),
        $charts: here("src/charts"),
        $answers: here("src/answers"),
      },
    },
    build: {
      outDir: report ? OUT.report : OUT.app,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      chunkSizeWarningLimit: 2500,
      reportCompressedSize: false,
      rolldownOptions: {
        input: here(report ? "report.html" : "index.html"),
        output: {
          // Names that stay, so that a change of a page changes the files it must and no others.
          entryFileNames: "assets/[name].js",
          chunkFileNames: "assets/[name].js",
          assetFileNames: "assets/[name][extname]",
        },
      },
    },
    // `npm run dev` beside a running `tocsin serve`, which lets in only who asks for it by its own name.
    server: {
      host: "127.0.0.1",
      proxy: { "/api": { target: SERVED, changeOrigin: true, headers: { origin: SERVED } } },
    },
    test: { environment: "jsdom", include: ["tests/**/*.test.ts"], setupFiles: ["tests/setup.ts"] },
  };
});
