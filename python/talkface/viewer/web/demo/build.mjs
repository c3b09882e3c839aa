// Writes the demo: node build.mjs RUNTIME LICENCES OUT. RUNTIME holds talkface.mjs and talkface.wasm
// (cmake --build --preset web), LICENCES those of ONNX Runtime as its Python package has them.
import { build } from "esbuild";
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const viewer = join(here, "..", "..");
const root = join(viewer, "..", "..", "..");
const onnx = join(here, "node_modules", "onnxruntime-web");
const [runtime, licences, out] = process.argv.slice(2).map((path) => resolve(path));
if (!out) throw new Error("usage: node build.mjs RUNTIME LICENCES OUT");
const emscripten = process.env.EMSDK
  ? join(process.env.EMSDK, "upstream", "emscripten", "LICENSE") : "/usr/share/doc/emscripten/copyright";

rmSync(out, { recursive: true, force: true });
cpSync(join(viewer, "page"), out, { recursive: true });

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: ["chrome100", "firefox114", "safari15"],
  legalComments: "none",
};
await build({ ...common, entryPoints: ["src/backend.js"], format: "iife", outfile: join(out, "backend.js") });
await build({
  ...common,
  entryPoints: ["src/worker.js"],
  format: "esm",
  outfile: join(out, "worker.js"),
  alias: { "talkface-runtime": join(runtime, "talkface.mjs") },
});

const script = '<script src="viewer.js" defer></script>';
const page = readFileSync(join(out, "index.html"), "utf8");
if (!page.includes(script)) throw new Error("index.html has no viewer.js");
writeFileSync(join(out, "index.html"), page.replace(script, `<script src="backend.js" defer></script>\n${script}`));

const bundle = join(viewer, "..", "bundles", "default");
const { files } = JSON.parse(readFileSync(join(bundle, "manifest.json"), "utf8"));
mkdirSync(join(out, "bundle"));
for (const name of ["manifest.json", ...Object.keys(files)]) copyFileSync(join(bundle, name), join(out, "bundle", name));
const copies = [
  [join(viewer, "head.glb"), "head.glb"],
  [join(root, "examples", "speech.wav"), "speech.wav"],
  [join(root, "LICENSE"), "LICENSE.talkface.txt"],
  [join(licences, "LICENSE"), "LICENSE.onnxruntime.txt"],
  [join(licences, "ThirdPartyNotices.txt"), "ThirdPartyNotices.onnxruntime.txt"],
  [emscripten, "LICENSE.emscripten.txt"],
  [join(runtime, "talkface.wasm"), "talkface.wasm"],
  [join(onnx, "dist", "ort-wasm-simd-threaded.wasm"), "onnxruntime.wasm"],
];
for (const [from, to] of copies) copyFileSync(from, join(out, to));

const sizes = readdirSync(out, { recursive: true }).map((name) => statSync(join(out, name))).filter((one) => one.isFile());
const total = sizes.reduce((sum, one) => sum + one.size, 0);
console.log(`${out}: ${sizes.length} files, ${(total / 1e6).toFixed(1)} MB`);
