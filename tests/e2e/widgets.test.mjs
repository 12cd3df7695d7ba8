// The compact answers in the column of somebody's article: they fit, they answer, they jump nowhere, they share what they download.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { ARTIFACTS, DIST, LANGS, settled, site, violations } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();
let article;

before(async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end(article.html);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  article = { server, address: `http://127.0.0.1:${server.address().port}/article` };
});
after(() => article.server.close());

const WIDGETS = {
  advise: 'view="advise" model="llama-3-8b" job="qlora" cur="USD" country="US"',
  "advise-none": 'view="advise" model="gpt3-175b" job="full-finetune" budget="500" cur="USD"',
  inspect: 'view="inspect" model="llama-3-8b" job="lora" card="rtx-4090"',
  "inspect-no": 'view="inspect" model="gpt3-175b" job="inference" card="a40"',
  card: 'view="card" card="rtx-3060-12gb"',
  compare: 'view="compare" cards="gtx-1080-ti,rtx-2080-ti,rtx-3090,rtx-4090" model="llama-3-8b" job="qlora"',
  generations: 'view="generations" figure="bandwidth"',
};

const element = (attributes, more = "") => `<which-card ${attributes} ${more}><a href="#">Whichcard</a></which-card>`;
const script = () => `<script async src="${whichcard.server.address}embed.js"></script>`;

/** An article with a column of that width, opened. */
async function open(body, { width = 700, style = "", head = "", prepare = () => {}, ...context } = {}) {
  article.html = `<!doctype html><html lang="en"><title>An article</title>${head}<body style="margin: 0; width: ${width}px; ${style}">${body}`;
  const visitor = await whichcard.visit({ viewport: { width: Math.max(width, 320), height: 900 }, ...context });
  await prepare(visitor.page);
  await visitor.page.goto(article.address);
  return visitor;
}

const inside = (page, place = 0) => page.frameLocator(`iframe >> nth=${place}`);
const answered = (page, place = 0) => inside(page, place).locator('.page[data-ready="true"] #verdict').waitFor();
const frames = (page) => page.frames().slice(1);

for (const [name, attributes] of Object.entries(WIDGETS)) {
  for (const lang of LANGS) {
    test(`${name} in ${lang} fits columns of 300 to 700 pixels, and is readable by all`, async () => {
      const visitor = await open(script() + element(`${attributes} lang="${lang}"`), { width: 700 });
      const { page } = visitor;
      await answered(page);
      const [frame] = frames(page);
      for (const width of [700, 480, 300]) {
        await page.evaluate((width) => (document.body.style.width = `${width}px`), width);
        await page.waitForFunction((width) => document.querySelector("iframe").clientWidth === width, width);
        const shape = () => frame.evaluate(() => {
          const limit = document.documentElement.clientWidth;
          const over = [...document.querySelectorAll("body *")].filter((one) => !one.closest(".scroll, .unseen, .shapes") && one.getBoundingClientRect().right > limit + 1);
          return { wide: over.map((one) => one.className || one.tagName), high: document.body.offsetHeight, kept: innerHeight };
        });
        const { wide, high, kept } = await settled(shape, ({ wide, high, kept }) => wide.length === 0 && Math.abs(high - kept) <= 1);
        assert.deepEqual(wide.slice(0, 5), [], `${width} px`);
        assert.ok(Math.abs(high - kept) <= 1, `${width} px: ${high} high in ${kept}`);
        await page.locator("iframe").screenshot({ path: `${ARTIFACTS}widget-${name}-${lang}-${width}.png` });
      }
      const text = await frame.evaluate(() => document.body.innerText);
      assert.doesNotMatch(text, /\b(app|warning|reason|explain|error|shell)\.[a-z]|%\{|\bNaN\b|\bInfinity\b/);
      assert.deepEqual(await violations(frame), []);
      await visitor.close();
    });
  }
}

test("a reader changes the question and gets another answer, and Back leaves the article", async () => {
  const visitor = await open(script() + element(WIDGETS.inspect + ' lang="en"'));
  const { page } = visitor;
  await answered(page);
  const frame = inside(page);
  assert.equal(await frame.locator("#verdict").getAttribute("data-verdict"), "tight");
  await frame.locator("#job").selectOption("full-finetune");
  await frame.locator('#verdict[data-verdict="no"]').waitFor();
  await frame.locator("#card").click();
  await frame.locator("#card").fill("b200");
  await frame.locator('#card-list [data-value="b200"]').click();
  await frame.locator('#verdict[data-verdict="fits"]').waitFor();
  assert.equal(await page.evaluate(() => history.length), 2, "the address of the frame was replaced, not added to");
  await visitor.close();
});

test("the way out opens the same question as a page of its own", async () => {
  const visitor = await open(script() + element(WIDGETS.inspect + ' lang="en" theme="dark"'));
  const { page, context } = visitor;
  await answered(page);
  const [opened] = await Promise.all([context.waitForEvent("page"), inside(page).locator(".whole").click()]);
  await opened.locator('.page[data-ready="true"] #verdict').waitFor();
  const query = new URL(opened.url()).searchParams;
  assert.deepEqual([query.get("model"), query.get("card"), query.get("embed"), query.get("compact")], ["llama-3-8b", "rtx-4090", null, null]);
  assert.ok(await opened.locator("nav.entrances").isVisible());
  await visitor.close();
});

test("with the height that was kept free nothing of the article moves, though the script comes late", async () => {
  const late = (page) => page.route("**/embed.js", (route) => setTimeout(() => route.continue(), 400));
  const head = `<script>window.jumps = []; new PerformanceObserver((list) => list.getEntries().forEach((one) => jumps.push(one.value))).observe({ type: "layout-shift", buffered: true });</script>`;
  const read = async (attributes, more) => {
    const visitor = await open(`<p>Before.</p>${script()}${element(attributes, more)}<p>After.</p>`, { head, prepare: late });
    await answered(visitor.page);
    await visitor.page.waitForTimeout(500);
    const read = await visitor.page.evaluate(() => ({ height: document.querySelector("iframe").clientHeight, jumps: window.jumps }));
    const inside = await frames(visitor.page)[0].evaluate(() => new Promise((told) => {
      new PerformanceObserver((list) => told(list.getEntries().map((one) => one.value))).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => told([]), 100);
    }));
    await visitor.close();
    return { ...read, inside };
  };
  for (const name of ["advise", "inspect", "card", "compare", "generations"]) {
    const { height } = await read(WIDGETS[name], "");
    // As the page itself writes it for an article.
    const { jumps, inside } = await read(WIDGETS[name], `height="${height}" style="display:block;min-height:${height}px"`);
    assert.deepEqual({ jumps, inside }, { jumps: [], inside: [] }, `${name}: ${height}`);
  }
});

test("without a height about as much is kept free as the answer takes", async () => {
  const head = `<script>window.jumps = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => (jumps += one.value))).observe({ type: "layout-shift", buffered: true });</script>`;
  for (const width of [640, 358]) {
    for (const attributes of ["", 'view="card" card="rtx-4060"', 'view="generations"', 'view="inspect"']) {
      const visitor = await open(`<p>Before.</p>${script()}<which-card lang="en" ${attributes}></which-card><p>After.</p>`, { head, width });
      await answered(visitor.page);
      await visitor.page.waitForTimeout(500);
      const jumps = await visitor.page.evaluate(() => window.jumps);
      assert.ok(jumps < 0.05, `${attributes} in ${width}: ${jumps}`);
      await visitor.close();
    }
  }
});

test("colours follow the ground: a class, a layer between, letters over a picture, a style sheet, the article's own switch", async () => {
  const styles = `<style>.night { background: #111; color: #eee; } .oklch { background: oklch(0.2 0.02 250); } .veil { background: rgb(0 0 0 / .04); }
    .picture { background: linear-gradient(navy, black); color: white; } #switch:checked ~ main { background: #222; } main { background: #fff; }</style>`;
  // A browser that is told its colours by the test gives them to every frame; this one decides for itself.
  const visitor = await open(`${styles}<input type="checkbox" id="switch"><main><div id="layer">${script()}${element(WIDGETS.inspect)}</div></main>`, { colorScheme: null });
  const { page } = visitor;
  await answered(page);
  const dark = () => frames(page)[0].evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const becomes = async (wanted, what) => {
    assert.equal(await settled(dark, (found) => found === wanted), wanted, what);
  };
  const dress = (where, name) => page.evaluate(([where, name]) => (document.querySelector(where).className = name), [where, name]);
  await becomes(false, "a light ground");
  // As most themes do it: a class, and no word to the browser.
  for (const name of ["night", "oklch", "picture"]) {
    await dress("#layer", name);
    await becomes(true, name);
    const ground = await frames(page)[0].evaluate(() => getComputedStyle(document.querySelector(".page")).backgroundColor);
    assert.match(ground, /rgb\((\d|1\d|2\d), /, ground);
    await dress("#layer", "");
    await becomes(false, `${name} no more`);
  }
  await dress("#layer", "veil");
  await dress("body", "night");
  await becomes(false, "the light layer between covers the dark ground");
  await page.evaluate(() => document.head.insertAdjacentHTML("beforeend", "<style id=sheet>main { background: none !important; }</style>"));
  await becomes(true, "the layer is gone, and the veil covers nothing");
  await page.evaluate(() => document.querySelector("#sheet").remove());
  await becomes(false, "the layer is back");
  await page.locator("#switch").check();
  await becomes(true, "a switch beside the article");
  await visitor.close();
  const asked = await open(script() + element(`${WIDGETS.inspect} theme="dark"`), { colorScheme: null });
  await answered(asked.page);
  assert.equal(await inside(asked.page).locator("html").getAttribute("data-theme"), "dark");
  await asked.close();
});

test("several on one page download everything once", async () => {
  const asked = [];
  const server = await serve(DIST, { change: (name) => void asked.push(name) });
  article.html = `<!doctype html><title>An article</title><body><script async src="${server.address}embed.js"></script>${element(WIDGETS.inspect)}${element(WIDGETS.advise)}${element(WIDGETS.generations)}`;
  const visitor = await whichcard.visit({ viewport: { width: 700, height: 3000 } });
  await visitor.page.goto(article.address);
  for (const place of [0, 1, 2]) await answered(visitor.page, place);
  const times = (test) => {
    const names = asked.filter(test);
    return Math.max(0, ...names.map((name) => names.filter((other) => other === name).length));
  };
  assert.equal(times((name) => /-[0-9a-f]{8,}/.test(name)), 1, asked.join());
  assert.equal(times((name) => name === "catalog.json"), 1, asked.join());
  await visitor.close();
  await server.close();
});

test("a host's style sheets, wrong messages and wrong attributes break nothing", async () => {
  const hostile = `<style>iframe { height: 10px !important; max-width: 50px !important; display: none !important; filter: blur(9px) !important } which-card { transform: none }</style>
    <script>Object.defineProperty(window, "name", { get() { throw new Error("no"); } });</script>`;
  const visitor = await open(`${hostile}${script()}${element('view="inspect" card="rtx-4099" budget="lots" nonsense="<img src=x>" height="-7"')}${element("")}`);
  const { page } = visitor;
  await answered(page);
  const box = await page.locator("iframe").first().evaluate((frame) => [frame.clientWidth, frame.clientHeight, getComputedStyle(frame).filter]);
  assert.equal(box[0], 700);
  assert.ok(box[1] > 100);
  assert.equal(box[2], "none");
  // What the author wrote wrongly is not said to readers.
  assert.match(await inside(page).locator(".page").getAttribute("data-unread"), /nonsense/);
  assert.equal(await inside(page).locator("#foreign").count(), 0);
  const height = box[1];
  await page.evaluate(() => {
    const stranger = document.createElement("iframe");
    stranger.srcdoc = "<script>for (const data of [9, 1e9, -1, NaN, '77', { height: 7 }, [7]]) parent.postMessage(data, '*')</script>";
    document.body.append(stranger);
    return new Promise((done) => setTimeout(done, 300));
  });
  assert.equal(await page.locator("iframe").first().evaluate((frame) => frame.clientHeight), height);
  assert.equal(await page.evaluate(() => {
    try {
      return document.querySelector("iframe").contentWindow.document.body.innerText;
    } catch (error) {
      return error.name;
    }
  }), "SecurityError");
  await visitor.close();
});

test("a view that there is not is said in the frame: the answer is to another question", async () => {
  const visitor = await open(`${script()}${element('view="bogus" lang="en"')}`);
  const { page } = visitor;
  await answered(page);
  assert.match(await inside(page).locator("#foreign").innerText(), /view=bogus/);
  await visitor.close();
});

test("an article that comes later, and a script that comes twice, in either kind", async () => {
  const visitor = await open(`${script()}<script type="module" src="${whichcard.server.address}embed.js?again"></script><main></main>`);
  const { page } = visitor;
  await page.waitForFunction(() => customElements.get("which-card"));
  await page.evaluate(() => (document.querySelector("main").innerHTML = '<div data-which-card="view=card&card=gtx-1080-ti&compact=1&lang=en" data-height="300" data-title="Mine"><a href="#">Link</a></div>'));
  await inside(page).locator('.answer[data-card="gtx-1080-ti"]').waitFor();
  assert.equal(await page.locator("iframe").count(), 1);
  assert.equal(await page.locator("iframe").getAttribute("title"), "Mine");
  assert.ok(await page.locator("iframe").evaluate((frame) => frame.clientHeight >= 300));
  await visitor.close();
});

test("without scripts the link is what is left", async () => {
  const visitor = await open(script() + element(WIDGETS.inspect), { javaScriptEnabled: false });
  assert.ok(await visitor.page.locator("which-card a").isVisible());
  assert.equal(await visitor.page.locator("iframe").count(), 0);
  await visitor.close();
});

for (const width of [320, 360, 390, 1280]) {
  test(`the guide keeps free what its answers take, ${width} pixels wide`, async () => {
    for (const lang of LANGS) {
      const visitor = await whichcard.visit({ viewport: { width, height: 1000 } });
      const { page } = visitor;
      await page.goto(`${whichcard.server.address}article/${lang}.html`);
      const count = await page.locator("which-card").count();
      const wrong = [];
      for (let place = 0; place < count; place += 1) {
        await page.locator("iframe").nth(place).scrollIntoViewIfNeeded();
        await answered(page, place);
        const told = () => page.locator("which-card").nth(place).evaluate((card) => [card.title, card.room, card.tall]);
        const holds = ([, kept, needed]) => needed <= kept && kept - needed <= 60;
        const [title, kept, needed] = await settled(told, holds);
        if (!holds([title, kept, needed])) wrong.push(`${title}: ${kept} kept, ${needed} needed`);
      }
      assert.deepEqual(wrong, [], lang);
      visitor.assertQuiet();
      await visitor.close();
    }
  });
}

test("where the job is what is paid for, the answer says what it costs and for what", async () => {
  for (const [lang, words, not] of [["en", /The job costs \$[\d.,]+(: electricity, and wear of a card bought for|, rented)/, /more buys/], ["zh-CN", /这次任务(花费 ¥[\d.,]+：电费，加上显卡的折旧|租卡花费 ¥[\d.,]+)/, /再加 ¥/]]) {
    const money = lang === "en" ? "cur=USD&country=US" : "cur=CNY&country=CN";
    const visitor = await whichcard.open(`?view=advise&model=llama-3-8b&job=qlora&goal=cheapest-per-job&${money}&lang=${lang}`);
    const said = await visitor.page.locator("#verdict").innerText();
    assert.match(said, words);
    assert.doesNotMatch(said, not);
    visitor.assertQuiet();
    await visitor.close();
  }
});
