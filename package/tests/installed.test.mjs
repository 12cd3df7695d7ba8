// The built package as others get it: packed, installed, and asked for by its name.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const built = fileURLToPath(new URL("../../target/package", import.meta.url));
const home = fileURLToPath(new URL("../../target/package-installed", import.meta.url));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** What a program prints that runs in the folder of those who have installed it. */
async function run(program, ...words) {
  const { stdout } = await promisify(execFile)(program, words, { cwd: home }).catch((error) => assert.fail(`${error.stdout}${error.stderr}`));
  return stdout.trim();
}

before(async () => {
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(`${home}/package.json`, JSON.stringify({ name: "reader", private: true, type: "module" }));
  await run(npm, "pack", built, "--pack-destination", home, "--ignore-scripts");
  const packed = (await readdir(home)).find((name) => name.endsWith(".tgz"));
  await run(npm, "install", `./${packed}`, "--offline", "--ignore-scripts", "--no-audit", "--no-fund");
});

test("Node finds by name what reads its files from the disk", async () => {
  const ask = `import { load, WhichcardError } from "whichcard";
    import catalog from "whichcard/catalog.json" with { type: "json" };
    const whichcard = await load();
    const { memory } = await whichcard.estimate({ model: "llama-3-8b", job: { kind: "qlora" }, rig: { card: "rtx-4090" } });
    console.log(memory.verdict, WhichcardError.name, catalog.date === (await whichcard.catalog()).date);`;
  assert.equal(await run(process.execPath, "--no-warnings", "--input-type=module", "--eval", ask), "fits WhichcardError true");
});

test("of the conditions of the export, the types come first and that of Node before the one for all", async () => {
  const where = 'console.log(import.meta.resolve("whichcard").split("/").at(-1))';
  assert.equal(await run(process.execPath, "--input-type=module", "--eval", where), "node.js");
  const parts = 'console.log(["core_bg.wasm", "rest_bg.wasm", "files_bg.wasm"].map((name) => import.meta.resolve(`whichcard/${name}`).split("/").at(-1)).join())';
  assert.equal(await run(process.execPath, "--input-type=module", "--eval", parts), "core_bg.wasm,rest_bg.wasm,files_bg.wasm");
  const { exports } = JSON.parse(await readFile(`${home}/node_modules/whichcard/package.json`, "utf8"));
  assert.deepEqual(Object.keys(exports["."]), ["types", "node", "default"]);
});

test("the example holds against the types, which are found by name", async () => {
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json").replace("package.json", "bin/tsc");
  await copyFile(new URL("example.ts", import.meta.url), `${home}/example.ts`);
  for (const [module, moduleResolution] of [["nodenext", "nodenext"], ["node16", "node16"], ["esnext", "bundler"]]) {
    const compilerOptions = { target: "es2022", lib: ["es2022", "dom"], types: [], strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, module, moduleResolution };
    await writeFile(`${home}/tsconfig.json`, JSON.stringify({ compilerOptions, files: ["example.ts"] }));
    await run(process.execPath, compiler, "--project", ".");
  }
});

test("a project for Node that knows no types of a browser compiles with it", async () => {
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json").replace("package.json", "bin/tsc");
  const plain = `import { load } from "whichcard";
export const total = async (code: Uint8Array): Promise<number> => {
  const whichcard = await load({ module: code, rest: "rest_bg.wasm" });
  return (await whichcard.estimate({ model: "llama-3-8b", job: { kind: "qlora" }, rig: { card: "rtx-4060" } })).memory.total;
};
// @ts-expect-error: a number is no module.
export const refused = () => load({ module: 1 });
`;
  await writeFile(`${home}/plain.ts`, plain);
  const compilerOptions = { target: "es2022", lib: ["es2022"], types: [], strict: true, skipLibCheck: false, noEmit: true, module: "nodenext", moduleResolution: "nodenext" };
  await writeFile(`${home}/tsconfig.json`, JSON.stringify({ compilerOptions, files: ["plain.ts"] }));
  await run(process.execPath, compiler, "--project", ".");
});
