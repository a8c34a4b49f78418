// Bundles what the pages need from npm into webui/static/vendor/.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

rmSync(`${here}../static/vendor`, { recursive: true, force: true }); // parts have names that change
await build({
  absWorkingDir: here,
  entryPoints: ["charts.js", "saving.js"],
  splitting: true, // both share one part; who saves no picture does not load the second
  outdir: "../static/vendor",
  bundle: true,
  format: "esm",
  target: "es2020",
  minify: true,
  legalComments: "linked",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});
