// The built package in a page and in a worker of a real browser.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { launch } from "../../tests/e2e/harness.mjs";
import { serve } from "../../tests/e2e/server.mjs";

const PAGE = "<!doctype html><title>A page</title>";
const WORKER = `import { load } from "./index.js";
  onmessage = async ({ data }) => {
    const whichcard = await load();
    try {
      postMessage({ answer: await whichcard.estimate(data) });
    } catch (error) {
      postMessage({ name: error.name, field: error.field });
    }
  };`;
const REQUEST = { model: "llama-3-8b", job: { kind: "qlora" }, rig: { card: "rtx-4090" } };
let server;
let browser;

before(async () => {
  const folder = fileURLToPath(new URL("../../target/package", import.meta.url));
  server = await serve(folder, { base: "/npm/whichcard/", more: { "page.html": PAGE, "worker.js": WORKER } });
  browser = await launch();
});
after(async () => {
  await browser.close();
  await server.close();
});

test("a page loads it and asks", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.address}page.html`);
  const found = await page.evaluate(async (request) => {
    const { load, WhichcardError } = await import("./index.js");
    const whichcard = await load();
    const { memory } = await whichcard.estimate(request);
    let refused;
    try {
      await whichcard.estimate({ ...request, rig: { card: "rtx-4099" } });
    } catch (error) {
      refused = { ours: error instanceof WhichcardError, field: error.field, nearest: error.nearest };
    }
    return { verdict: memory.verdict, refused };
  }, REQUEST);
  assert.equal(found.verdict, "fits");
  assert.ok(found.refused.ours);
  assert.equal(found.refused.field, "rig.card");
  assert.ok(found.refused.nearest.includes("rtx-4090"));
  await page.close();
});

test("a page that only estimates downloads the first part alone, and the rest once when it asks for more", async () => {
  const page = await browser.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1)));
  await page.goto(`${server.address}page.html`);
  const first = await page.evaluate(async (request) => {
    const { load } = await import("./index.js");
    globalThis.whichcard = await load();
    return (await whichcard.estimate(request)).memory.verdict;
  }, REQUEST);
  assert.equal(first, "fits");
  assert.deepEqual(asked.filter((name) => name.endsWith(".wasm")), ["core_bg.wasm"]);
  const more = await page.evaluate(async (request) => {
    const [plan, guess] = await Promise.all([whichcard.plan(request), whichcard.detect({})]);
    return [plan.method, guess.question];
  }, REQUEST);
  assert.deepEqual(more, ["qlora", "card"]);
  assert.deepEqual(asked.filter((name) => name.endsWith(".wasm")), ["core_bg.wasm", "rest_bg.wasm"]);
  const taken = await page.evaluate(async (request) => {
    const answers = await Promise.all([whichcard.files(request), whichcard.files(request, { lang: "zh-CN" })]);
    return answers.map(({ files }) => files.find(({ format }) => format === "markdown").text.split("\n")[0]);
  }, REQUEST);
  assert.ok(taken[0] !== taken[1] && taken.every((title) => title.startsWith("# ") && title.includes("RTX 4090")), taken.join());
  assert.deepEqual(asked.filter((name) => name.endsWith(".wasm")), ["core_bg.wasm", "rest_bg.wasm", "files_bg.wasm"]);
  await page.close();
});

test("files bring the rest with them, which is not brought again", async () => {
  const page = await browser.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1)));
  // The later part arrives first, and waits.
  await page.route("**/rest_bg.wasm", (route) => setTimeout(() => route.continue(), 300));
  await page.goto(`${server.address}page.html`);
  const formats = await page.evaluate(async (request) => {
    const { load } = await import("./index.js");
    const whichcard = await load({ files: true });
    const [{ files }, plan] = await Promise.all([whichcard.files(request), whichcard.plan(request)]);
    return [files[0].format, plan.method];
  }, REQUEST);
  assert.deepEqual(formats, ["trl", "qlora"]);
  assert.deepEqual(asked.filter((name) => name.endsWith(".wasm")).sort(), ["core_bg.wasm", "files_bg.wasm", "rest_bg.wasm"]);
  await page.close();
});

test("both parts come at the same time where that is asked for", async () => {
  const page = await browser.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1)));
  await page.goto(`${server.address}page.html`);
  const loads = (parts) => page.evaluate(async (parts) => void (await (await import("./index.js")).load(parts)), parts);
  await loads({ rest: true });
  assert.ok(asked.includes("rest_bg.wasm"), asked.join());
  await loads({ rest: true });
  assert.equal(asked.filter((name) => name.endsWith(".wasm")).length, 2, asked.join());
  await page.close();
});

test("without the rest the page says so, the first part still answers, and the next question tries again", async () => {
  const page = await browser.newPage();
  await page.route("**/rest_bg.wasm", (route) => route.fulfill({ status: 404, body: "no" }), { times: 2 });
  await page.goto(`${server.address}page.html`);
  const found = await page.evaluate(async (request) => {
    const { load } = await import("./index.js");
    const refused = await load({ rest: true }).catch(({ name, code, field, given }) => [name, code, field, given.endsWith("rest_bg.wasm")]);
    const whichcard = await load();
    const asked = await whichcard.plan(request).catch(({ code, field }) => [code, field]);
    return [...refused, ...asked, (await whichcard.estimate(request)).memory.verdict, (await whichcard.plan(request)).method];
  }, REQUEST);
  assert.deepEqual(found, ["WhichcardError", "unavailable", "rest", true, "unavailable", "rest", "fits", "qlora"]);
  await page.close();
});

test("a worker loads it and asks", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.address}page.html`);
  const ask = (request) =>
    page.evaluate(
      (request) =>
        new Promise((done, failed) => {
          const worker = new Worker("worker.js", { type: "module" });
          worker.onmessage = ({ data }) => done(data);
          worker.onerror = (event) => failed(new Error(event.message));
          worker.postMessage(request);
        }),
      request,
    );
  assert.equal((await ask(REQUEST)).answer.memory.verdict, "fits");
  assert.deepEqual(await ask({ ...REQUEST, model: "nonsense" }), { name: "WhichcardError", field: "model" });
  await page.close();
});
