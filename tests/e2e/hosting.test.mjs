// The folder on hosts as they are, and the page when storage or the network fails.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { answered, DIST, LANGS, readyForOffline, signOfUse, site, started } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();

test("after the page has started, nothing is asked for", async () => {
  const asked = [];
  const server = await serve(DIST, { change: (name) => void asked.push(name) });
  const visitor = await whichcard.visit();
  const { page } = visitor;
  await visitor.go(`${server.address}?lang=en`);
  await answered(page);
  await readyForOffline(page);
  asked.length = 0;
  for (const view of ["card", "inspect", "scratch", "compare", "catalogue", "accuracy", "about", "advise"]) {
    await page.locator(`nav a[href*="view=${view}"]`).first().click();
    await answered(page);
  }
  await page.locator('[data-lang="zh-CN"]').click();
  await page.locator('html[lang="zh-CN"]').waitFor({ state: "attached" });
  assert.deepEqual(asked, []);
  await visitor.close();
  await server.close();
});

test("a first visit downloads each file of the start once, and only what was built", async () => {
  const asked = [];
  const server = await serve(DIST, { change: (name) => void asked.push(name) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  await visitor.go(server.address);
  const hashed = asked.filter((name) => /-[0-9a-f]{8,}/.test(name));
  assert.ok(hashed.length >= 2);
  assert.deepEqual(hashed, [...new Set(hashed)]);
  await visitor.close();
  await server.close();
});

test("a file from another build is not run", async () => {
  const server = await serve(DIST, { change: (name, content) => (/_bg\.wasm$/.test(name) ? Buffer.concat([content, Buffer.from([0, 2, 1, 97])]) : null) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  await visitor.page.goto(server.address);
  await signOfUse(visitor.page);
  await visitor.page.locator("#crash").waitFor({ state: "visible" });
  await visitor.close();
  await server.close();
});

test("opened as a file, it says what it needs instead", async () => {
  const visitor = await whichcard.visit({ locale: "zh-CN" });
  await visitor.page.goto(`file://${DIST}/index.html`);
  await signOfUse(visitor.page);
  await visitor.page.locator("#crash-file").waitFor();
  assert.match(await visitor.page.locator("#crash-file").innerText(), /http\.server/);
  await visitor.close();
});

test("compressed copies say the same, and GitHub Pages leaves the folder as it is", async () => {
  const names = await readdir(DIST, { recursive: true });
  assert.ok(names.includes(".nojekyll") && names.includes("404.html"));
  const copies = names.filter((name) => /\.(gz|br)$/.test(name));
  assert.ok(copies.some((name) => name.endsWith(".wasm.br")));
  for (const name of copies) {
    const open = name.endsWith(".gz") ? gunzipSync : brotliDecompressSync;
    assert.ok(open(await readFile(`${DIST}/${name}`)).equals(await readFile(`${DIST}/${name.slice(0, -3)}`)), name);
  }
});

test("a wrong address leads home, however deep", async () => {
  const wrong = await readFile(`${DIST}/404.html`, "utf8");
  const server = await serve(DIST, { more: { "some/where/else": Buffer.from(wrong) } });
  const visitor = await whichcard.visit();
  await visitor.page.route("**/some/where/else", (route) => route.fulfill({ status: 404, contentType: "text/html; charset=utf-8", body: wrong }));
  await visitor.page.goto(`${server.address}some/where/else`);
  await visitor.page.waitForFunction(() => [...document.links].every((link) => link.pathname === "/whichcard/"));
  await visitor.page.locator("a").first().click();
  await started(visitor.page);
  await visitor.close();
  await server.close();
});

test("a download that breaks off keeps the old version whole, and no error is kept", async () => {
  const broken = new Map();
  const server = await serve(DIST, { change: (name) => broken.get(name) });
  const visitor = await whichcard.visit();
  const { page } = visitor;
  await visitor.go(server.address);
  await readyForOffline(page);
  const before = await page.evaluate(() => caches.keys());
  const worker = await readFile(`${DIST}/sw.js`, "utf8");
  const version = worker.match(/const VERSION = "([^"]+)"/)[1];
  // A new version one of whose files is an error page.
  broken.set("sw.js", Buffer.from(worker.replaceAll(version, "ffffffffffff").replace('"icon.svg"', '"icon.svg", "gone.json"')));
  const failed = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const found = new Promise((seen) => registration.addEventListener("updatefound", () => seen(registration.installing), { once: true }));
    await registration.update();
    const installing = await found;
    while (!["redundant", "activated"].includes(installing.state)) await new Promise((next) => installing.addEventListener("statechange", next, { once: true }));
    return installing.state;
  });
  assert.equal(failed, "redundant");
  assert.ok(before.every((name) => name.includes(version)));
  const kept = await page.evaluate(async (version) => {
    const all = [];
    for (const name of await caches.keys()) {
      if (!name.includes(version)) continue;
      const cache = await caches.open(name);
      for (const request of await cache.keys()) all.push((await cache.match(request)).status);
    }
    return all;
  }, version);
  assert.ok(kept.length > 4 && kept.every((status) => status === 200), kept.join());
  await server.close();
  await visitor.context.setOffline(true);
  await page.goto(server.address);
  await started(page);
  await visitor.close();
});

test("a full disk and a worker taken away leave an ordinary page", async () => {
  const visitor = await whichcard.visit();
  const { page } = visitor;
  const developer = await visitor.context.newCDPSession(page);
  await developer.send("Storage.overrideQuotaForOrigin", { origin: whichcard.server.origin, quotaSize: 1000 });
  await visitor.go(whichcard.server.address);
  await answered(page);
  assert.ok(await page.locator("#crash").isHidden());
  await developer.send("Storage.overrideQuotaForOrigin", { origin: whichcard.server.origin });
  await page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await page.goto(`${whichcard.server.address}?view=card&card=rtx-4060`);
  await answered(page);
  await visitor.close();
});

test("without any storage the page works", async () => {
  const deny = () => {
    const refuse = () => {
      throw new DOMException("denied", "SecurityError");
    };
    for (const name of ["localStorage", "sessionStorage", "caches", "indexedDB"]) Object.defineProperty(window, name, { get: refuse });
    const worker = () => ({ register: () => Promise.reject(new DOMException("denied", "SecurityError")) });
    // In a sandbox even asking for it throws.
    Object.defineProperty(Navigator.prototype, "serviceWorker", { get: location.hash === "#sandbox" ? refuse : worker });
  };
  for (const hash of ["", "#sandbox"]) {
    const visitor = await whichcard.visit({ init: deny });
    await visitor.go(`${whichcard.server.address}?view=card&card=rtx-4060&lang=en${hash}`);
    await answered(visitor.page);
    await visitor.page.evaluate(() => new Promise((idle) => requestIdleCallback(() => setTimeout(idle))));
    assert.ok(await visitor.page.locator("#crash").isHidden());
    assert.deepEqual(visitor.troubles, []);
    await visitor.close();
  }
});

test("the article's widgets answer in both languages", async () => {
  for (const lang of LANGS) {
    const visitor = await whichcard.visit();
    const { page } = visitor;
    await page.goto(`${whichcard.server.address}article/${lang}.html`);
    const count = await page.locator("which-card").count();
    assert.ok(count >= 5);
    for (let place = 0; place < count; place += 1) {
      await page.locator("iframe").nth(place).scrollIntoViewIfNeeded();
      const inside = page.frameLocator(`iframe >> nth=${place}`);
      await inside.locator('.page[data-ready="true"] #verdict').waitFor();
      assert.equal(await inside.locator("html").getAttribute("lang"), lang);
    }
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a private window, in which storage is there and refuses to work", async () => {
  const init = () => {
    const refuse = () => Promise.reject(new DOMException("The operation is insecure.", "SecurityError"));
    CacheStorage.prototype.open = refuse;
    for (const name of ["getItem", "setItem", "removeItem"]) {
      Storage.prototype[name] = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      };
    }
    ServiceWorkerContainer.prototype.register = refuse;
  };
  const visitor = await whichcard.visit({ init });
  const { page } = visitor;
  await visitor.go(`${whichcard.server.address}?lang=en`);
  await answered(page);
  await page.locator('[data-theme-choice="dark"]').click();
  await page.locator('[data-lang="zh-CN"]').click();
  await page.locator('html[lang="zh-CN"][data-theme="dark"]').waitFor({ state: "attached" });
  assert.ok(await page.locator("#crash").isHidden());
  visitor.assertQuiet();
  await visitor.close();
});

test("Chromium finds nothing that keeps it from being installed, and the installed page's pictures are there", async () => {
  const visitor = await whichcard.visit();
  const { page } = visitor;
  await visitor.go(`${whichcard.server.address}?lang=en`);
  await readyForOffline(page);
  const developer = await visitor.context.newCDPSession(page);
  const { installabilityErrors } = await developer.send("Page.getInstallabilityErrors");
  // Playwright's windows count as private ones, which install nothing.
  assert.deepEqual(installabilityErrors.map((error) => error.errorId).filter((id) => id !== "in-incognito"), []);
  // One origin may hold several sites: the folder is what tells one installed page from another, and both languages are the same one.
  for (const lang of LANGS) {
    await page.goto(`${whichcard.server.address}?lang=${lang}`);
    assert.equal((await developer.send("Page.getAppId")).appId, whichcard.server.address, lang);
  }
  const { errors, data } = await developer.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.deepEqual([...new Set(manifest.screenshots.map((one) => one.form_factor))].sort(), ["narrow", "wide"]);
  for (const one of [...manifest.icons, ...manifest.screenshots].filter(({ type }) => type !== "image/svg+xml")) {
    const size = await page.evaluate(async (src) => {
      const picture = new Image();
      picture.src = src;
      await picture.decode();
      return `${picture.naturalWidth}x${picture.naturalHeight}`;
    }, one.src);
    assert.equal(size, one.sizes, one.src);
  }
  for (const { url } of manifest.shortcuts) {
    await page.goto(new URL(url, whichcard.server.address).href);
    await answered(page);
  }
  await started(page);
  await visitor.close();
});
