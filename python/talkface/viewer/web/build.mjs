// Bundles src/ and three.js into ../page/viewer.js. With --check: fails when that file is stale.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const page = join(here, "..", "page");
const three = join(here, "node_modules", "three");

// What the built file was made of: tests/python/test_view_page.py computes the same without node.
const hash = createHash("sha256");
const sources = readdirSync(join(here, "src")).sort().map((name) => join(here, "src", name));
for (const file of [...sources, join(here, "package.json")]) hash.update(readFileSync(file));
const mark = hash.digest("hex");
const { version } = JSON.parse(readFileSync(join(three, "package.json"), "utf8"));

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15"],
  legalComments: "none",
  write: false,
  banner: { js: `/* TalkFace viewer, Apache-2.0. Holds three.js ${version}, MIT: see LICENSE.three.txt. sources ${mark} */` },
});

const made = [
  [join(page, "viewer.js"), Buffer.from(outputFiles[0].contents)],
  [join(page, "LICENSE.three.txt"), readFileSync(join(three, "LICENSE"))],
];
for (const [path, contents] of made) {
  if (!process.argv.includes("--check")) writeFileSync(path, contents);
  else if (!readFileSync(path).equals(contents)) throw new Error(`${path} is stale: npm run build`);
}
