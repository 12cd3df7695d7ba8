// From an estimate to a decision: what to change, which plan, how far it can grow.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGS, site } from "./harness.mjs";

const whichcard = site();
const ADVISE = "?view=advise&model=llama-3-8b&job=qlora";

test("where other settings on the same card are enough, the verdict says so, and one click does it", async () => {
  for (const [lang, says, then] of [["en", /^As it is set, .+The card can do it/s, /fit/], ["zh-CN", /^照现在的设置.+不用换卡/s, /Llama 3 8B/]]) {
    const visitor = await whichcard.open(`?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4060&lang=${lang}`);
    const { page } = visitor;
    assert.equal(await page.locator("#verdict").getAttribute("data-verdict"), "no");
    assert.match(await page.locator("#verdict h1, #verdict .remedy").allInnerTexts().then((all) => all.join(" ")), says);
    await page.locator("#changes li button").first().click();
    await page.locator('#verdict:not([data-verdict="no"])').waitFor();
    assert.match(await page.locator("#verdict h1").innerText(), then);
    assert.equal(new URL(page.url()).searchParams.get("card"), "rtx-4060");
    assert.ok(await page.locator("#verdict .remedy").isHidden());
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a setup of the usual settings says why the advice differs, and takes its settings", async () => {
  for (const [lang, says] of [["en", /best settings/], ["zh-CN", /最合适的设置/]]) {
    const visitor = await whichcard.open(`${ADVISE}&lang=${lang}&open=rtx-4090`);
    const { page } = visitor;
    const time = '[data-figure="time"] b';
    const advised = await page.locator(`#detail-rtx-4090 ${time}`).innerText();
    await page.goto(`${whichcard.server.address}?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4090&lang=${lang}`);
    await page.locator(`.sheet ${time}`).waitFor();
    assert.match(await page.locator("#usual").innerText(), says);
    assert.notEqual(await page.locator(`.sheet ${time}`).innerText(), advised);
    await page.locator("#usual button").click();
    await page.locator("#usual").waitFor({ state: "hidden" });
    assert.equal(await page.locator(`.sheet ${time}`).innerText(), advised);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("where nothing was set and the usual settings do not fit, the best ones for the card are offered too", async () => {
  const visitor = await whichcard.open("?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4060&lang=en");
  const { page } = visitor;
  assert.equal(await page.locator("#verdict").getAttribute("data-verdict"), "no");
  await page.locator("#usual button").click();
  await page.locator('#verdict:not([data-verdict="no"])').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("training that nobody would wait for says how long it takes, what may stall, and why no settings are recommended", async () => {
  for (const [lang, whole, stalls, why] of [["en", /years in all/, /may stall/, /RTX 4090.+years/s], ["zh-CN", /共需.+年/, /练不动/, /RTX 4090.+年/s]]) {
    const visitor = await whichcard.open(`?view=inspect&model=llama-3-8b&job=pretrain&card=rtx-4090&lang=${lang}`);
    const { page } = visitor;
    assert.match(await page.locator("#changes li").first().innerText(), whole);
    assert.match(await page.locator('[data-warning="pure-bf16-scratch"]').innerText(), stalls);
    await page.locator("#changes li button").first().click();
    await page.locator('#verdict:not([data-verdict="no"])').waitFor();
    assert.match(await page.locator('[data-warning="pure-bf16-scratch"]').innerText(), stalls);
    await page.goto(`${whichcard.server.address}?view=inspect&model=llama-3-8b&job=pretrain&card=rtx-4090&lang=${lang}`);
    await page.locator("#usual button").click();
    await page.locator('.page[data-view="advise"] #not-here').waitFor();
    assert.match(await page.locator("#not-here").innerText(), why);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("what fits because main memory holds a part of it says so first", async () => {
  const query = "?view=inspect&model=llama-3.1-70b&job=inference&card=rtx-4060&weights=q4_k_m&offload=layers:68";
  for (const [lang, fits, beside] of [["en", /in main memory$/, /Main memory holds another [\d.]+\sGiB/], ["zh-CN", /借助内存放得下/, /另有 [\d.]+\sGiB 放在内存里/]]) {
    const visitor = await whichcard.open(`${query}&lang=${lang}`);
    const { page } = visitor;
    assert.equal(await page.locator("#verdict").getAttribute("data-verdict"), "offloaded");
    assert.match(await page.locator("#verdict h1").innerText(), fits);
    assert.match(await page.locator("#verdict").innerText(), beside);
    assert.match(await page.locator("#answer-line").textContent(), lang === "en" ? /^Partly in main\smemory.+plus/ : /^部分放内存.+另需内存/);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("another method is not what the card can do, and more servers are named", async () => {
  const visitor = await whichcard.open("?view=inspect&model=llama-3.1-405b&job=full-finetune&card=h100-sxm&n=8&lang=en");
  const { page } = visitor;
  assert.equal(await page.locator("#verdict").getAttribute("data-verdict"), "no");
  assert.ok(await page.locator("#verdict .remedy").isHidden());
  assert.ok(await page.locator("#usual").isHidden());
  assert.match(await page.locator("#changes").innerText(), /other hardware/);
  await page.locator("#changes li", { hasText: "other hardware" }).first().locator("button").click();
  await page.locator('#verdict:not([data-verdict="no"])').waitFor();
  assert.ok(Number(new URL(page.url()).searchParams.get("n")) > 8);
  visitor.assertQuiet();
  await visitor.close();
});

test("where no change helps, the page does not say that nothing can", async () => {
  const visitor = await whichcard.open("?view=inspect&job=pretrain&model=8000B&card=rtx-4090&lang=en");
  const { page } = visitor;
  assert.equal(await page.locator("#changes li").count(), 0);
  assert.match(await page.locator("#changes h2").innerText(), /^No small change/);
  await page.locator('#changes a[href*="view=advise"]').click();
  await page.locator('.page[data-view="advise"] #verdict').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("time against money: every dot says its values and opens its plan, by keyboard too", async () => {
  for (const lang of LANGS) {
    const visitor = await whichcard.open(`?view=advise&model=llama-3-8b&job=qlora&lang=${lang}`);
    const { page } = visitor;
    const dots = page.locator("#front a.point");
    assert.ok((await dots.count()) >= 10);
    // Along the line what is dearer is faster: to the right is always down.
    const line = (await page.locator("#front .front-line").getAttribute("points")).trim().split(" ").map((corner) => corner.split(",").map(Number));
    assert.ok(line.length >= 2);
    for (let at = 1; at < line.length; at += 1) assert.ok(line[at][0] >= line[at - 1][0] && line[at][1] >= line[at - 1][1], JSON.stringify(line));
    const best = page.locator("#front a.best");
    assert.match(await best.getAttribute("aria-label"), /\d/);
    assert.equal(await page.locator('#front a.point[tabindex="0"]').count(), 1, "one stop for the Tab key");
    await best.focus();
    const hint = await page.locator("#front .readout").innerText();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((old) => document.querySelector("#front .readout").innerText !== old, hint);
    const id = await page.evaluate(() => document.activeElement.dataset.point);
    assert.equal(await page.locator("#front .readout").innerText(), await page.evaluate(() => document.activeElement.getAttribute("aria-label")));
    await page.keyboard.press("Enter");
    await page.locator(`#detail-${id} .sheet`).waitFor();
    await page.waitForFunction((asked) => new URL(location.href).searchParams.get("open") === asked, id);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a plan with another number of cards than the list shows opens in the list", async () => {
  const visitor = await whichcard.open("?view=advise&model=llama-3-8b&job=qlora&lang=en&goal=fastest&open=rtx-3090-x2");
  const { page } = visitor;
  await page.locator("#detail-rtx-3090-x2 .sheet").waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("a row that a link opens and that is not in the list says why it is not", async () => {
  for (const [lang, why] of [["en", /GeForce GT 1030.*not in the list.*GiB/s], ["zh-CN", /GeForce GT 1030/]]) {
    const visitor = await whichcard.open(`?view=advise&model=llama-3-8b&job=qlora&lang=${lang}&open=gt-1030`);
    const { page } = visitor;
    assert.match(await page.locator("#not-here").innerText(), why);
    await page.locator("#not-here button").click();
    await page.locator("#not-here").waitFor({ state: "detached" });
    await page.waitForFunction(() => !location.search.includes("open="));
    visitor.assertQuiet();
    await visitor.close();
  }
  const visitor = await whichcard.open("?view=catalogue&open=no-such-card&lang=en");
  assert.match(await visitor.page.locator("#not-here").innerText(), /no-such-card/);
  await visitor.close();
});

test("the first card says why it is first, and the popular ones why they are not", async () => {
  for (const lang of ["en", "zh-CN"]) {
    const visitor = await whichcard.open(`?view=advise&model=llama-3-8b&job=qlora&lang=${lang}`);
    const { page } = visitor;
    const why = await page.locator("#verdict .why").innerText();
    assert.match(why, lang === "en" ? /more buys/ : /[\u4e00-\u9fff].*再加/);
    const best = await page.locator("#verdict").getAttribute("data-best");
    const cards = await page.locator("#asked li").evaluateAll((all) => all.map((one) => one.dataset.card));
    assert.ok(cards.length >= 2 && cards.includes("rtx-4090") && !cards.includes(best), cards.join());
    for (const text of await page.locator("#asked li span").allInnerTexts()) assert.ok(text.length > 8, text);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a card of whose rate only a bound is known says so where it comes first, whole and in an article", async () => {
  for (const [checked, said] of [["bound", 1], ["seen", 0]]) {
    const only = "rtx-3090";
    for (const lang of LANGS) {
      const visitor = await whichcard.visit({ serviceWorkers: "block" });
      await visitor.page.route("**/catalog.json", async (route) => {
        const catalog = await (await route.fetch()).json();
        await route.fulfill({ json: { ...catalog, cards: catalog.cards.filter(({ id }) => id === only).map((card) => ({ ...card, checked: { tensor: checked } })) } });
      });
      for (const form of ["", "&embed=1"]) {
        await visitor.go(`${whichcard.server.address}${ADVISE}&country=CN&cur=CNY&lang=${lang}${form}`);
        await visitor.page.locator(`#verdict[data-best="${only}"]`).waitFor();
        assert.equal(await visitor.page.locator("#rate-bound").count(), said, `${checked} ${lang}${form}`);
      }
      await visitor.close();
    }
  }
});

test("only kinds of work that the model can have are offered", async () => {
  const visitor = await whichcard.open("?view=advise&lang=en&task=image-recognition&model=resnet-50");
  const { page } = visitor;
  const kinds = () => page.locator("#job label").evaluateAll((all) => all.map((one) => one.dataset.value));
  assert.ok(!(await kinds()).includes("qlora") && (await kinds()).includes("full-finetune"));
  await page.locator('#task label[data-value="chat"]').click();
  await page.locator('#job label[data-value="qlora"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("how far a setup can grow: a curve with its table, points that set the length, and what matters most", async () => {
  const visitor = await whichcard.open("?view=inspect&model=llama-3-8b&job=qlora&card=rtx-3090&lang=en");
  const { page } = visitor;
  const points = page.locator("#curve a.point");
  const rows = page.locator("#curve .twin tbody tr");
  assert.equal(await points.count(), await rows.count());
  assert.match(await page.locator("#curve .readout").innerText(), /surely fit, [\d,]+ do not/);
  assert.ok((await page.locator("#sway [data-sway]").count()) >= 2);
  const most = await page.locator("#sway [data-sway]").allInnerTexts();
  const sizes = most.map((text) => Number(text.match(/([\d.]+)\s(GiB|MiB)/)[1]) * (text.includes("GiB") ? 1024 : 1));
  assert.deepEqual([...sizes].sort((a, b) => b - a), sizes, "the weightiest first");
  await page.locator('#curve a[data-point="4096"]').click();
  await page.waitForFunction(() => location.search.includes("seq=4096"));
  assert.equal(await page.locator("#seq").inputValue(), "4096");
  await page.locator('#curve label[data-along="at-once"]').click();
  await page.locator('#curve a[data-point="2"]').focus();
  await page.waitForFunction(() => document.querySelector("#curve .readout").innerText.includes("GiB"));
  visitor.assertQuiet();
  await visitor.close();
});
