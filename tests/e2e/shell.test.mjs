// What holds whatever the application shows: loading, offline use, the folder, failures, the frame.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { DIST, answered, readyForOffline, signOfUse, site, started } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();

test("a first visit starts, says nothing in the console and asks nobody else", async () => {
  const visitor = await whichcard.open();
  await readyForOffline(visitor.page);
  assert.equal(await visitor.page.locator("h1").count(), 1);
  visitor.assertQuiet();
  await visitor.close();
});

test("all addresses in the built page are relative", async () => {
  const html = await readFile(`${DIST}/index.html`, "utf8");
  // What is only linked to, a source say, is asked for by nobody but a reader.
  const addresses = [...html.matchAll(/<(?!a )[a-z]+ [^>]*?(?:href|src)=["']?([^"'\s>]+)/g)].map((match) => match[1]);
  assert.ok(addresses.length > 2);
  for (const address of addresses) assert.doesNotMatch(address, /^(\/|[a-z]+:)/, address);
});

test("the built page has no marks left to fill in", async () => {
  for (const name of ["index.html", "sw.js"]) {
    assert.doesNotMatch(await readFile(`${DIST}/${name}`, "utf8"), /\{\{|__[A-Z_]{4,}__"/);
  }
});

test("it runs from the root of a host as well", async () => {
  const server = await serve(DIST, { base: "/" });
  const visitor = await whichcard.visit();
  await visitor.go(server.address);
  assert.equal(await visitor.page.locator("h1").count(), 1);
  assert.deepEqual(visitor.troubles, []);
  await visitor.close();
  await server.close();
});

test("a second visit works with the server gone and the network off", async () => {
  const server = await serve(DIST);
  const visitor = await whichcard.visit();
  await visitor.go(server.address);
  await readyForOffline(visitor.page);
  const heading = await visitor.page.locator("h1").innerText();
  await server.close();
  await visitor.context.setOffline(true);
  await visitor.page.goto(`${server.address}?lang=en`);
  await started(visitor.page);
  assert.equal(await visitor.page.locator("h1").innerText(), heading);
  assert.ok(await visitor.page.locator("#crash").isHidden());
  await visitor.close();
});

test("a new version shows on the next visit and replaces the old one's files", async () => {
  const files = new Map();
  const server = await serve(DIST, { change: (name) => files.get(name) });
  const visitor = await whichcard.visit();
  await visitor.go(server.address);
  await readyForOffline(visitor.page);
  const [before] = await visitor.page.evaluate(() => caches.keys());
  const version = (await readFile(`${DIST}/sw.js`, "utf8")).match(/VERSION = "([^"]+)"/)[1];
  for (const name of ["sw.js", "index.html"]) files.set(name, (await readFile(`${DIST}/${name}`, "utf8")).replaceAll(version, "fedcba987654"));
  await visitor.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
  });
  await visitor.page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting);
  assert.ok((await visitor.page.evaluate(() => caches.keys())).includes(before));
  // The old version goes when its last page does.
  await visitor.page.goto("about:blank");
  await visitor.go(server.address);
  await visitor.page.waitForFunction(async () => {
    const names = await caches.keys();
    return names.length === 1 && names[0].endsWith("fedcba987654");
  });
  assert.ok(before.endsWith(version));
  await visitor.close();
  await server.close();
});

for (const [lang, words] of [
  ["en", /newer version/],
  ["zh-CN", /新版本/],
]) {
  test(`an open page tells of a newer version and loads it with the same question (${lang})`, async () => {
    const files = new Map();
    const server = await serve(DIST, { change: (name) => files.get(name) });
    const visitor = await whichcard.visit();
    const { page } = visitor;
    await visitor.go(`${server.address}?view=card&card=rtx-4060&lang=${lang}`);
    await readyForOffline(page);
    const notice = page.locator("#update");
    assert.ok(await notice.isHidden());
    const version = (await readFile(`${DIST}/sw.js`, "utf8")).match(/VERSION = "([^"]+)"/)[1];
    for (const name of ["sw.js", "index.html"]) {
      files.set(name, Buffer.from((await readFile(`${DIST}/${name}`, "utf8")).replaceAll(version, "fedcba987654")));
    }
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await notice.waitFor();
    assert.match(await notice.innerText(), words);
    await page.locator("#update-load").click();
    await page.locator('meta[name="whichcard-version"][content="fedcba987654"]').waitFor({ state: "attached" });
    await page.locator('.answer[data-card="rtx-4060"]').waitFor();
    await page.waitForFunction(async () => (await caches.keys()).every((name) => name.endsWith("fedcba987654")));
    assert.ok(await notice.isHidden());
    await visitor.close();
    await server.close();
  });
}

test("an edited catalogue is what the next visit reads, offline too", async () => {
  const files = new Map();
  const server = await serve(DIST, { change: (name) => files.get(name) });
  const visitor = await whichcard.visit();
  await visitor.go(server.address);
  await readyForOffline(visitor.page);
  const catalog = await readFile(`${DIST}/catalog.json`, "utf8");
  files.set("catalog.json", `${catalog}\n\n`);
  const length = () => visitor.page.evaluate(async () => (await (await fetch("catalog.json", { cache: "reload" })).text()).length);
  const edited = await length();
  await server.close();
  await visitor.context.setOffline(true);
  assert.equal(await visitor.page.evaluate(async () => (await (await fetch("catalog.json")).text()).length), edited);
  await visitor.close();
});

test("without WebAssembly's file the page says so instead of staying blank", async () => {
  const server = await serve(DIST, { change: (name, content) => (name.endsWith(".wasm") ? Buffer.from("not wasm") : content) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  await visitor.page.goto(server.address);
  await signOfUse(visitor.page);
  await visitor.page.locator("#crash").waitFor({ state: "visible" });
  assert.match(await visitor.page.locator("#crash").innerText(), /download failed/);
  assert.notEqual(await visitor.page.locator("#crash-report").innerText(), "");
  await visitor.close();
  await server.close();
});

for (const [lang, words] of [["en", /^The download failed/], ["zh-CN", /^下载失败/]]) {
  test(`a download that fails is no fault of the page, and can be tried again (${lang})`, async () => {
    let ill = true;
    const change = (name) => {
      if (ill && /^whichcard-.*\.wasm$/.test(name)) throw new Error("out of order");
    };
    const server = await serve(DIST, { change });
    const visitor = await whichcard.visit();
    const { page } = visitor;
    await page.goto(`${server.address}?lang=${lang}`);
    await signOfUse(page);
    const card = page.locator("#crash");
    await card.waitFor({ state: "visible" });
    assert.match((await card.innerText()).trim(), words);
    assert.doesNotMatch(await card.innerText(), /Something broke|页面出错/);
    assert.match(await page.locator("#crash-report").innerText(), /\.wasm: /);
    ill = false;
    await Promise.all([page.waitForEvent("load"), page.locator("#crash-again").click()]);
    await started(page);
    assert.ok(await card.isHidden());
    await visitor.close();
    await server.close();
  });
}

test("a fault of the application is told as one", async () => {
  const visitor = await whichcard.open("?lang=en");
  await visitor.page.evaluate(() => void Promise.reject(new WebAssembly.RuntimeError("unreachable")));
  await visitor.page.locator("#crash").waitFor({ state: "visible" });
  assert.match((await visitor.page.locator("#crash").innerText()).trim(), /^Something broke/);
  assert.ok(await visitor.page.locator("#crash-again").isHidden());
  await visitor.close();
});

test("language and theme are set before the first paint", async () => {
  for (const [options, query, lang, theme] of [
    [{ locale: "zh-CN" }, "", "zh-CN", "system"],
    [{ locale: "zh-TW" }, "?lang=en&theme=dark", "en", "dark"],
    [{ locale: "fr-FR" }, "?theme=nonsense", "en", "system"],
  ]) {
    const visitor = await whichcard.visit(options);
    await visitor.page.goto(whichcard.server.address + query, { waitUntil: "domcontentloaded" });
    const page = visitor.page.locator("html");
    assert.equal(await page.getAttribute("lang"), lang);
    assert.equal(await page.getAttribute("data-theme"), theme);
    const text = await visitor.page.locator("#app > .first-paint .question").innerText();
    assert.match(text, lang === "en" ? /Task/ : /任务/);
    assert.doesNotMatch(text, lang === "en" ? /任务/ : /Task/);
    assert.equal(await visitor.page.locator("#app [data-theme-choice][aria-pressed=true]").getAttribute("data-theme-choice"), theme);
    await visitor.close();
  }
});

/** Holds the application back; `asked` resolves, once it is asked for, to what lets it come. */
async function holdBack(page) {
  let note;
  const asked = new Promise((resolve) => (note = resolve));
  await page.route("**/*.wasm", (route) => note(() => route.continue()));
  return { asked };
}

test("a slow network is waited for, and the visitor told so", async () => {
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  const { page } = visitor;
  await page.clock.install();
  const { asked } = await holdBack(page);
  let loads = 0;
  page.on("request", (request) => request.isNavigationRequest() && loads++);
  await page.goto(whichcard.server.address, { waitUntil: "domcontentloaded" });
  await page.clock.fastForward(120_000);
  assert.ok(await page.locator("#slow").isHidden(), "nobody waits yet");
  await signOfUse(page);
  const arrive = await asked;
  await page.clock.fastForward(120_000);
  await page.locator("#slow").waitFor({ state: "visible" });
  assert.ok(await page.locator("#crash").isHidden());
  arrive();
  await started(page);
  assert.equal(loads, 1, "never reloaded");
  assert.ok(await page.locator("#slow").isHidden());
  await visitor.close();
});

test("a start that failed and then succeeds takes its card away", async () => {
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  const { page } = visitor;
  const { asked } = await holdBack(page);
  await page.goto(whichcard.server.address, { waitUntil: "domcontentloaded" });
  await page.evaluate(() => {
    sessionStorage.setItem("whichcard:tried-again", "1");
    dispatchEvent(new CustomEvent("whichcard:failed", { detail: new Error("lost") }));
  });
  await signOfUse(page);
  await page.locator("#crash").waitFor({ state: "visible" });
  (await asked)();
  await started(page);
  await page.locator("#crash").waitFor({ state: "hidden" });
  await visitor.close();
});

test("without a clipboard the report is selected for the visitor", async () => {
  const server = await serve(DIST, { change: (name, content) => (name.endsWith(".wasm") ? Buffer.from("not wasm") : content) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  const { page } = visitor;
  await visitor.context.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => false;
  });
  await page.goto(server.address);
  await signOfUse(page);
  await page.locator("#crash").waitFor({ state: "visible" });
  await page.locator("#crash-copy").click();
  await page.locator("#crash-selected").waitFor({ state: "visible" });
  assert.match(await page.evaluate(() => getSelection().toString()), /http:/);
  await visitor.close();
  await server.close();
});

test("it can be installed: a manifest with icons that are there", async () => {
  const manifest = JSON.parse(await readFile(`${DIST}/manifest.webmanifest`, "utf8"));
  const chinese = JSON.parse(await readFile(`${DIST}/manifest.zh-CN.webmanifest`, "utf8"));
  assert.match(chinese.description, /显卡/);
  assert.deepEqual([manifest.lang, chinese.lang, chinese.id], ["en", "zh-CN", manifest.id]);
  assert.equal(manifest.start_url, "./");
  assert.equal(manifest.scope, "./");
  assert.ok(manifest.icons.some((icon) => icon.purpose === "maskable"));
  assert.deepEqual(manifest.shortcuts.map(({ url }) => url), ["./?view=advise", "./?view=card", "./?view=inspect"]);
  assert.ok(chinese.shortcuts.every(({ name }) => /[一-鿿]/.test(name)));
  for (const icon of manifest.icons) assert.ok((await readFile(`${DIST}/${icon.src}`)).length > 100, icon.src);
});
