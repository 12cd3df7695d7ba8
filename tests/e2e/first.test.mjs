// The first answer: in the page before the application is, and taken over by it without a jump or a lost letter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DIST, answered, opened, site, signOfUse, started } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();

/** Without a service worker, which would bring the application by itself. */
const noWorker = () => delete Navigator.prototype.serviceWorker;

/** A visitor of a page that has not been used yet, with what was asked of the server. */
async function arrive(t, { query = "", init, slowly, ...context } = {}) {
  const asked = [];
  const server = await serve(DIST, { slowly, change: (name) => void asked.push(name) });
  const visitor = await whichcard.visit({ init: noWorker, ...context });
  if (init) await visitor.context.addInitScript(init);
  t.after(async () => {
    await visitor.close();
    await server.close();
  });
  await visitor.page.goto(server.address + query);
  return { ...visitor, asked };
}

/** Keeps the application from coming; what it answers lets it come. */
async function holdBack(t, { query = "", init = [], what = /\.wasm$/, ...options } = {}) {
  let release;
  const may = new Promise((resolve) => (release = resolve));
  const server = await serve(DIST, { change: async (name) => void (what.test(name) && (await may)) });
  const visitor = await whichcard.visit({ init: noWorker, ...options });
  for (const one of init) await visitor.context.addInitScript(one);
  t.after(async () => {
    release();
    await visitor.close();
    await server.close();
  });
  await visitor.page.goto(server.address + query);
  return { ...visitor, release };
}

const opening = "#app > .first-paint";

for (const [lang, theme, locale] of [
  ["en", "light", "en-US"],
  ["zh-CN", "dark", "zh-CN"],
]) {
  test(`the answer is in the page before anything is used (${lang}, ${theme})`, async (t) => {
    const { page, asked, troubles } = await arrive(t, { locale, colorScheme: theme });
    await page.waitForTimeout(300);
    assert.deepEqual(asked.filter((name) => !["index.html", "icon.svg", "manifest.webmanifest", "manifest.zh-CN.webmanifest"].includes(name)), []);
    await page.locator(`${opening} #verdict h1`).waitFor();
    assert.ok((await page.locator(`${opening} #ranking > li`).count()) > 3);
    assert.match(await page.locator("#verdict").innerText(), lang === "en" ? /RTX/ : /[一-鿿].*RTX|RTX[^]*[一-鿿]/);
    assert.equal(await page.locator("h1").count(), 1);
    assert.equal(await page.locator("template").count(), 0);
    const [red] = (await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor)).match(/\d+/g);
    assert.ok(theme === "dark" ? red < 60 : red > 200, red);
    assert.deepEqual(troubles, []);
  });

  test(`without scripts the answer is there to read (${lang})`, async (t) => {
    const { page } = await arrive(t, { locale, colorScheme: theme, javaScriptEnabled: false });
    assert.ok(await page.locator(`${opening} #verdict h1`).isVisible());
    assert.ok(await page.locator("#ranking > li").first().isVisible());
    // Whatever a link asked: nothing here can look at it.
    for (const said of [/needs JavaScript and WebAssembly/, /Below is an example/, /下面只是一个示例/]) assert.match(await page.locator(".no-script").innerText(), said);
  });
}

/** Where everything stands, by what it says. */
const layout = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("#app :is(h1, h2, p, li, a, button, input, select, label, summary, svg, b)")]
      .filter((element) => element.checkVisibility())
      .map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return `${element.localName} ${[x, y, width, height].map(Math.round)} ${element.textContent.slice(0, 60)}`;
      }),
  );

/** Notes everything that moves without being asked, with what it was. */
const watchJumps = () => {
  window.jumps = [];
  const seen = ({ value, sources }) => `${value}: ${sources.map(({ node }) => `${node?.nodeName}.${node?.className}`)}`;
  new PerformanceObserver((list) => window.jumps.push(...list.getEntries().map(seen))).observe({ type: "layout-shift", buffered: true });
};

for (const [locale, viewport] of [
  ["en-US", { width: 1280, height: 900 }],
  ["zh-CN", { width: 1280, height: 900 }],
  ["en-US", { width: 360, height: 740 }],
  ["zh-CN", { width: 360, height: 740 }],
]) {
  test(`nothing jumps while the page is still coming (${locale}, ${viewport.width} px)`, async (t) => {
    const { page } = await arrive(t, { locale, viewport, init: watchJumps, slowly: (name) => name === "index.html" });
    await page.locator(`${opening}:not([data-read]) #verdict`).waitFor();
    await page.waitForTimeout(100);
    assert.ok(await page.locator("#front").isVisible());
    assert.deepEqual(await page.evaluate(() => window.jumps), []);
  });

  test(`the application takes over without a jump (${locale}, ${viewport.width} px)`, async (t) => {
    const { page, asked } = await arrive(t, { locale, viewport, init: watchJumps });
    await page.evaluate(() => document.fonts.ready);
    await page.evaluate(() => scrollTo(0, 400));
    await page.waitForTimeout(100);
    const before = await layout(page);
    assert.ok(before.length > 100);
    await answered(page);
    await page.waitForTimeout(300);
    assert.ok(asked.some((name) => name.endsWith(".wasm")));
    assert.deepEqual(await layout(page), before);
    assert.deepEqual(await page.evaluate(() => window.jumps), []);
    assert.equal(await page.evaluate(() => scrollY), 400);
  });
}

const built = "#app [data-built]";

for (const [locale, viewport] of [
  ["en-US", { width: 1280, height: 900 }],
  ["zh-CN", { width: 360, height: 740 }],
]) {
  test(`what stays as it was built is drawn without a jump (${locale}, ${viewport.width} px)`, async (t) => {
    const { page, release, troubles } = await holdBack(t, { locale, viewport, init: [watchJumps], what: /^soon-.*wasm$/ });
    await opened(page);
    assert.equal(await page.locator(built).count(), 3);
    await page.evaluate(() => scrollTo(0, 400));
    await page.waitForTimeout(300);
    const before = await layout(page);
    release();
    await page.locator(built).first().waitFor({ state: "detached" });
    await page.waitForFunction((built) => !document.querySelector(built), built);
    await page.waitForTimeout(300);
    assert.deepEqual(await layout(page), before);
    assert.deepEqual(await page.evaluate(() => window.jumps), []);
    assert.equal(await page.evaluate(() => scrollY), 400);
    assert.deepEqual(troubles, []);
  });
}

test("what is used of the page as it was built is done again, and the focus stays", async (t) => {
  const { page, release, troubles } = await holdBack(t, { what: /^soon-.*wasm$/ });
  await opened(page);
  const row = await page.locator("#ranking > li").nth(1).getAttribute("data-card");
  await page.locator("#rejected summary").first().click();
  await page.locator("#money summary").click();
  await page.locator("#kwh").fill("0.5");
  await page.locator("#epochs").fill("2");
  await page.locator("#ranking .opens").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.locator("#waits").waitFor();
  release();
  await page.waitForFunction((built) => !document.querySelector(built), built);
  await page.locator(`.row-card.open[data-card="${row}"] .detail`).waitFor();
  assert.ok(await page.locator("#kwh").isVisible());
  assert.equal(await page.locator("#kwh").inputValue(), "0.5");
  await page.locator("#rejected details").first().locator("li").first().waitFor();
  await page.waitForFunction(() => ["kwh", "epochs"].every((key) => location.search.includes(`${key}=`)));
  assert.equal(await page.evaluate(() => document.activeElement.className), "opens");
  await page.locator("#waits").waitFor({ state: "hidden" });
  assert.deepEqual(troubles, []);
});

test("an answer that was built from another catalogue is drawn anew", async (t) => {
  const server = await serve(DIST, { change: (name, content) => (name === "catalog.json" ? Buffer.from(`${content} `) : undefined) });
  const { page, close } = await whichcard.visit({ init: noWorker });
  t.after(async () => {
    await close();
    await server.close();
  });
  await page.goto(server.address);
  await answered(page);
  assert.equal(await page.locator(built).count(), 0);
});

test("what is typed, chosen and clicked before the application is there is answered by it", async (t) => {
  const { page, release, troubles } = await holdBack(t);
  await page.locator("#seq").click();
  await page.keyboard.type("8k");
  await page.locator("#country").selectOption("CN");
  await page.locator("#job .chip", { hasText: "LoRA" }).first().click();
  await page.locator("#samples").fill("777");
  await page.locator("#epochs").focus();
  await page.keyboard.type("25");
  await page.keyboard.press("ArrowLeft");
  await page.locator("#waits").waitFor();
  assert.ok(await page.locator(opening).isVisible());
  release();
  await started(page);
  const asked = new URLSearchParams(await settled(page));
  assert.deepEqual(["seq", "country", "samples", "epochs"].map((key) => asked.get(key)), ["8k", "CN", "777", "25"]);
  assert.ok(asked.get("job"));
  assert.equal(await page.locator("#seq").inputValue(), "8k");
  // The caret is where it was: before the last digit.
  assert.equal(await page.evaluate(() => document.activeElement.id), "epochs");
  await page.keyboard.type("0");
  assert.equal(await page.locator("#epochs").inputValue(), "205");
  assert.ok(await page.locator("#waits").isHidden());
  assert.deepEqual(troubles, []);
});

test("a row that is clicked before the application is there opens", async (t) => {
  const { page, release } = await holdBack(t);
  const row = await page.locator("#ranking > li").nth(1).getAttribute("data-card");
  await page.locator("#ranking .opens").nth(1).click();
  release();
  await page.locator(`.row-card.open[data-card="${row}"] .detail`).waitFor();
  assert.equal(await page.locator(".row-card.open").count(), 1);
});

test("a dot of the chart that is clicked before the application is there opens its plan", async (t) => {
  const { page, release, troubles } = await holdBack(t);
  const dot = page.locator("#front .point.best");
  await dot.dispatchEvent("click");
  const row = await dot.getAttribute("data-point");
  release();
  await page.locator(`#row-${row}.open .detail`).waitFor();
  assert.ok(await page.locator("#waits").isHidden());
  assert.deepEqual(troubles, []);
});

test("what is typed before the application is there survives a reload", async (t) => {
  const { page, release } = await holdBack(t);
  await page.locator("#epochs").fill("7");
  await page.reload();
  assert.equal(await page.locator("#epochs").inputValue(), "7");
  release();
  assert.match(await settled(page), /epochs=7/);
  await page.reload();
  assert.equal(await page.evaluate(() => sessionStorage.getItem("acts")), null);
});

test("what other sites add to a link leaves the first answer where it is", async (t) => {
  const { page } = await arrive(t, { query: "?utm_source=chatgpt.com&fbclid=IwAR2x&from=singlemessage" });
  assert.ok(await page.locator(`${opening} #ranking`).isVisible());
  await signOfUse(page);
  await started(page);
  assert.ok(await page.locator("#foreign").isHidden());
});

/** The query of the address once it has followed what was typed. */
async function settled(page) {
  await page.waitForFunction(() => location.search.includes("epochs="));
  return page.evaluate(() => location.search);
}

test("a model is searched and picked while the application comes", async (t) => {
  const { page, release } = await holdBack(t);
  await page.locator("#model").click();
  await page.keyboard.type("qwen3 8");
  release();
  await started(page);
  await page.locator("#model-list [role=option]").first().waitFor();
  assert.equal(await page.locator("#model").inputValue(), "qwen3 8");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search.includes("model=qwen"));
});

test("what a script does counts as well", async (t) => {
  const { page, release } = await holdBack(t);
  await page.evaluate(() => {
    const field = document.querySelector("#seq");
    field.value = "4096";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("#goal input:not(:checked)").click();
  });
  release();
  await started(page);
  await page.waitForFunction(() => location.search.includes("seq=4096") && location.search.includes("goal="));
});

for (const locale of ["en-US", "zh-CN"]) {
  test(`head and headline show while the rest is still coming (${locale})`, async (t) => {
    let goOn;
    const until = new Promise((resolve) => (goOn = resolve));
    const server = await serve(DIST, { slowly: (name) => name === "index.html", until });
    const { page, close } = await whichcard.visit({ init: noWorker, locale, viewport: { width: 360, height: 740 } });
    t.after(async () => {
      goOn();
      await close();
      await server.close();
    });
    await page.goto(server.address, { waitUntil: "commit" });
    await page.locator(`${opening}[data-read] nav a`, { hasText: locale === "en-US" ? "From scratch" : "从零训练" }).waitFor();
    assert.equal(await page.evaluate(() => document.readyState), "loading");
    assert.equal(await page.locator(`${opening} header.top`).count(), 1);
    if (locale !== "en-US") return;
    await page.locator(`${opening}[data-read] #verdict h1`).waitFor();
    // What is done now, no script but the first has heard.
    await page.locator(".fold").click();
    await page.locator("#seq").evaluate((field) => {
      field.value = "4096";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    assert.equal(await page.evaluate(() => document.readyState), "loading");
    goOn();
    await page.locator(opening).waitFor({ state: "detached" });
    await page.waitForFunction(() => location.search.includes("seq=4096"));
    assert.ok(await page.locator("#seq").isVisible());
  });
}

test("on a phone the form unfolds at once, and stays", async (t) => {
  const { page, release } = await holdBack(t, { viewport: { width: 360, height: 740 } });
  await page.locator(".fold").click();
  await page.locator("#seq").fill("1024");
  release();
  await started(page);
  assert.ok(await page.locator("#seq").isVisible());
  assert.equal(await page.locator("#seq").inputValue(), "1024");
  await page.locator(".fold").click();
  assert.ok(await page.locator("#seq").isHidden());
});

test("a link that is followed early opens its view, in the language of the address", async (t) => {
  const { page, release } = await holdBack(t, { query: "?lang=zh-CN" });
  const way = page.locator("[data-view-link=catalogue]");
  assert.match(await way.getAttribute("href"), /lang=zh-CN/);
  await way.click();
  release();
  await page.locator('.page[data-view="catalogue"]').waitFor();
  assert.match(page.url(), /view=catalogue/);
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
});

test("nothing is taken away from under a pressed finger", async (t) => {
  const { page, release } = await holdBack(t);
  const button = page.locator("#ranking .opens").first();
  await button.scrollIntoViewIfNeeded();
  const { x, y } = await button.boundingBox();
  await page.mouse.move(x + 4, y + 4);
  await page.mouse.down();
  release();
  await page.waitForTimeout(1500);
  assert.ok(await page.locator(opening).isVisible());
  await page.mouse.up();
  await started(page);
  await page.locator(".row-card.open").first().waitFor();
});

test("a link that asks something else brings the application at once, behind a frame without an answer", async (t) => {
  const { page, release } = await holdBack(t, { query: "?v=1&view=card&card=rtx-4060" });
  await page.locator(`${opening} [role=status]`, { hasText: "Loading" }).waitFor();
  assert.equal(await page.locator("#verdict").count(), 0);
  assert.equal(await page.locator(`${opening} nav a`).count(), 8);
  release();
  await page.locator('.answer[data-card="rtx-4060"]').waitFor();
});

test("a card that is kept brings the application without being asked", async (t) => {
  const { page } = await arrive(t, { init: () => localStorage.setItem("card", "rtx-3090") });
  await page.locator(opening).waitFor({ state: "detached" });
  assert.match(page.url(), /card=rtx-3090/);
});

test("each sign of use brings the application", async (t) => {
  for (const use of [
    (page) => page.mouse.move(20, 20),
    (page) => page.mouse.wheel(0, 40),
    (page) => page.keyboard.press("Tab"),
    (page) => page.evaluate(() => document.querySelector("#seq").dispatchEvent(new Event("change"))),
  ]) {
    const { page } = await arrive(t);
    await use(page);
    await page.locator(opening).waitFor({ state: "detached" });
  }
});
