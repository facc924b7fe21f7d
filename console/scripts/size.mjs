// Prints the gzipped JavaScript a first visit loads, from the build's manifest, and fails over the bar.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const KIBIBYTE = 1024;
const dist = process.argv[2] ?? join(import.meta.dirname, "../../hutong/console_dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));

const beforeFirstChart = ["index.html", "src/i18n/zh/index.ts", "src/home/HomePage.tsx"];
const bars = [
  { name: "before the first chart", limit_kib: 450, roots: beforeFirstChart },
  { name: "dashboard", limit_kib: 650, roots: [...beforeFirstChart, ...keysOfCharts()] },
];

/** The engine is a chunk of its own as soon as a page draws charts. */
function keysOfCharts() {
  return Object.keys(manifest).filter((key) => key === "src/kit/charts/engine.ts");
}

function withImports(roots) {
  const seen = new Set();
  const queue = [...roots];
  while (queue.length > 0) {
    const key = queue.pop();
    if (seen.has(key)) continue;
    const chunk = manifest[key];
    if (!chunk) throw new Error(`the build has no chunk for ${key}: has the page moved? Mend scripts/size.mjs`);
    seen.add(key);
    queue.push(...(chunk.imports ?? []));
  }
  return [...seen].map((key) => manifest[key].file).filter((file) => file.endsWith(".js"));
}

let over = false;
for (const { name, limit_kib, roots } of bars) {
  const files = [...new Set(withImports(roots))];
  const sizes = files.map((file) => [gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, file]);
  const total_kib = sizes.reduce((sum, [size]) => sum + size, 0) / KIBIBYTE;
  over ||= total_kib > limit_kib;
  process.stdout.write(`${name}: ${total_kib.toFixed(1)} of ${limit_kib} KiB gzipped${total_kib > limit_kib ? "  OVER" : ""}\n`);
  for (const [size, file] of sizes.sort((a, b) => b[0] - a[0])) {
    process.stdout.write(`  ${(size / KIBIBYTE).toFixed(1).padStart(7)}  ${file}\n`);
  }
}
process.exit(over ? 1 : 0);
