// Looking things up: cards side by side, the catalogue, how close the estimates come, and what this is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, pick, site } from "./harness.mjs";

const whichcard = site();

const query = (page) => new URL(page.url()).searchParams;
const heads = (page) => page.locator("#comparison thead th").evaluateAll((all) => all.map((one) => one.dataset.card));
const texts = (locator) => locator.evaluateAll((all) => all.map((one) => one.innerText));

test("cards are added, left out and kept in the link, and a fifth takes the last one's place", async () => {
  const visitor = await whichcard.open("?view=compare&lang=en");
  const { page } = visitor;
  assert.deepEqual(await heads(page), ["rtx-3090", "rtx-4090", "rtx-5090"]);
  await page.locator('[data-leave="rtx-4090"]').click();
  await pick(page, "cards", "1080 ti", "gtx-1080-ti");
  await pick(page, "cards", "a40", "a40");
  await pick(page, "cards", "v100", "v100-sxm2-32gb");
  await page.locator('#comparison th[data-card="v100-sxm2-32gb"]').waitFor();
  assert.deepEqual(await heads(page), ["rtx-3090", "rtx-5090", "gtx-1080-ti", "v100-sxm2-32gb"]);
  assert.equal(query(page).get("cards"), "rtx-3090,rtx-5090,gtx-1080-ti,v100-sxm2-32gb");
  await page.reload();
  await answered(page);
  assert.equal((await heads(page)).length, 4);
  await page.goBack();
  await page.locator('#comparison th[data-card="a40"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("the best figure of a row is marked in words, and what a card cannot do is said", async () => {
  const visitor = await whichcard.open("?view=compare&cards=gtx-1080-ti,rtx-4090&lang=en");
  const { page } = visitor;
  const memory = page.locator('#comparison [data-section="card"] tr', { hasText: "24 GB" }).first();
  assert.equal(await memory.locator('td[data-best="true"]').count(), 1);
  assert.match(await memory.locator('td[data-best="true"]').textContent(), /best/i);
  assert.match((await page.locator('#comparison tr', { hasText: "BF16" }).last().innerText()).replaceAll("\n", " "), /no.*yes/);
  visitor.assertQuiet();
  await visitor.close();
});

test("the lowest price is one of today among cards that do the job, and who has none is named", async () => {
  const sentence = async (cards, job) => {
    const visitor = await whichcard.open(`?view=compare&cur=USD&country=US&lang=en&cards=${cards}&${job}`);
    const said = (await visitor.page.locator("#verdict").innerText()).replaceAll("\u00a0", " ");
    const best = await visitor.page.locator('#comparison [data-figure="app.compare.price"] td').evaluateAll((all) => all.map((one) => one.dataset.best));
    await visitor.close();
    return { said, best };
  };
  // The launch price of 2017 buys nothing; the used price of a 3090 does.
  const old = await sentence("gtx-1080-ti,rtx-3090,rtx-4090", "model=llama-3.2-3b&job=qlora");
  assert.match(old.said, /lowest price: GeForce RTX 3090/);
  assert.match(old.said, /No current price is known for GeForce GTX 1080 Ti/);
  assert.deepEqual(old.best, ["false", "true", "false"]);
  // One price alone is the lowest of nothing.
  const alone = await sentence("rtx-4090,a40,a100-sxm-80gb", "model=qwen2.5-14b&job=lora");
  assert.doesNotMatch(alone.said, /lowest price/);
  assert.match(alone.said, /No current price is known for A40, A100 SXM4 80GB/);
});

test("a name that is no card is told of, and the others are compared", async () => {
  for (const lang of LANGS) {
    const visitor = await whichcard.open(`?view=compare&cards=rtx-4090,<b>x</b>,,&lang=${lang}`);
    assert.deepEqual(await heads(visitor.page), ["rtx-4090"]);
    assert.match(await visitor.page.locator("#results").innerText(), /<b>x<\/b>/);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a dot of the generations adds its card, by keys as well", async () => {
  const visitor = await whichcard.open("?view=compare&cards=rtx-4090&lang=en");
  const { page } = visitor;
  assert.equal(await page.locator("#generations figure").count(), 6);
  const dot = page.locator('#generations [data-measure] [data-point][tabindex="0"]').first();
  await dot.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("#comparison thead th").length === 2);
  visitor.assertQuiet();
  await visitor.close();
});

test("a card of one's own is compared with the catalogue's", async () => {
  for (const [lang, name] of [["en", "My own card"], ["zh-CN", "我自己的卡"]]) {
    const visitor = await whichcard.open(`?view=card&lang=${lang}&card=custom&vram=48&bw=1200&tflops=150`);
    const { page } = visitor;
    await page.locator("a.compares").first().click();
    await page.locator('.answer[data-cards="custom,rtx-5090"]').waitFor();
    assert.match(await page.locator('#comparison th[data-card="custom"]').innerText(), new RegExp(name));
    assert.match(await page.locator("#comparison").innerText(), /1\.2\sTB\/s/);
    await pick(page, "cards", "4090", "rtx-4090");
    await page.locator('.answer[data-cards="custom,rtx-5090,rtx-4090"]').waitFor();
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("an answer leads to the comparison of its cards", async () => {
  const visitor = await whichcard.open("?view=advise&model=llama-3-8b&job=qlora&lang=en");
  const { page } = visitor;
  await page.locator("#ranking button.opens").nth(1).click();
  await page.locator("#ranking a.compares").click();
  await page.locator("#comparison").waitFor();
  assert.equal((await heads(page)).length, 2);
  assert.equal(query(page).get("model"), "llama-3-8b");
  visitor.assertQuiet();
  await visitor.close();
});

test("the catalogue is searched, filtered and sorted, and a row shows where its figures come from", async () => {
  const visitor = await whichcard.open("?view=catalogue&lang=en");
  const { page } = visitor;
  const names = () => texts(page.locator("#ledger button.opens"));
  await page.locator('[data-sort="memory"]').click();
  await page.locator('#ledger th[aria-sort="descending"] [data-sort="memory"]').waitFor();
  const most = (await names())[0];
  await page.locator('[data-sort="memory"]').click();
  await page.locator('#ledger th[aria-sort="ascending"] [data-sort="memory"]').waitFor();
  assert.notEqual((await names())[0], most);
  await page.locator("#find").fill("4090");
  await page.waitForFunction(() => document.querySelectorAll("#ledger button.opens").length < 6);
  for (const name of await names()) assert.match(name, /4090/);
  await page.locator('[data-row="rtx-4090"] button.opens').click();
  assert.match(await page.locator("#row-rtx-4090").innerText(), /AD102[^]*https?:|16,384/);
  assert.ok((await page.locator('#row-rtx-4090 a[href^="http"]').count()) > 0);
  await page.waitForURL(/open=rtx-4090/);
  const shared = page.url();
  await page.locator("#find").fill("no such card");
  await page.locator("#rows-found", { hasText: "0" }).waitFor();
  await page.goto(shared);
  await answered(page);
  assert.equal(await page.locator('[data-row="rtx-4090"] button.opens').getAttribute("aria-expanded"), "true");
  visitor.assertQuiet();
  await visitor.close();
});

test("models have their table, and lead to the card they need", async () => {
  const visitor = await whichcard.open("?view=catalogue&lang=zh-CN");
  const { page } = visitor;
  await page.locator('#list label[data-value="models"]').click();
  await page.locator("#find").fill("qwen2.5 7b");
  await page.locator('[data-row="qwen2.5-7b"] button.opens').click();
  await page.locator('#row-qwen2\\.5-7b a[href*="view=advise"], #row-qwen2\\.5-7b a[href*="model=qwen2.5-7b"]').first().click();
  await page.locator("#ranking").waitFor();
  assert.equal(query(page).get("model"), "qwen2.5-7b");
  visitor.assertQuiet();
  await visitor.close();
});

test("measurements are filtered, counted and listed with their sources, and their data come when asked for", async () => {
  const visitor = await whichcard.visit();
  const { page } = visitor;
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").pop()));
  await visitor.go(`${whichcard.server.address}?lang=en`);
  await answered(page);
  assert.ok(!asked.includes("accuracy.json"));
  await page.locator('[data-view-link="accuracy"]').click();
  await page.locator("#compared").waitFor();
  assert.ok(asked.includes("accuracy.json"));
  const count = async () => Number(await page.locator("#compared").getAttribute("data-count"));
  const all = await count();
  assert.ok(all > 400, `${all}`);
  assert.equal(await page.locator("#scatter [data-point]").count(), all);
  await page.locator('#measured').selectOption("qlora");
  await page.waitForFunction((all) => Number(document.querySelector("#compared").dataset.count) < all, all);
  const some = await count();
  assert.ok(some > 50, `${some}`);
  for (const link of await page.locator("#measurements tbody a").all()) assert.match(await link.getAttribute("href"), /^https?:/);
  const errors = (await texts(page.locator("#measurements tbody td:nth-of-type(3)"))).map((text) => Math.abs(Number.parseFloat(text.replace("−", "-"))));
  assert.deepEqual(errors, errors.toSorted((a, b) => b - a));
  await page.waitForURL(/measured=qlora/);
  await page.reload();
  await page.locator("#compared").waitFor();
  assert.equal(await count(), some);
  visitor.assertQuiet();
  await visitor.close();
});

test("data that do not come are said to be missing, and asked for again", async () => {
  const visitor = await whichcard.open("?view=about&lang=zh-CN", { serviceWorkers: "block" });
  const { page } = visitor;
  await page.route("**/accuracy*.json", (route) => route.abort());
  await page.locator('[data-view-link="accuracy"]').click();
  await page.locator('#results [data-tone="wrong"], #results .notice').first().waitFor();
  await page.unroute("**/accuracy*.json");
  await page.locator("#results .notice button").click();
  await page.locator("#compared").waitFor();
  await visitor.close();
});

test("an estimate leads to the measurements it rests on", async () => {
  const visitor = await whichcard.open("?view=inspect&model=llama-2-7b&job=qlora&card=rtx-4090&lang=en");
  const { page } = visitor;
  await page.locator(".sheet section.memory .confidence a").click();
  await page.locator("#compared").waitFor();
  assert.deepEqual(["view", "kind", "measured", "gen"].map((key) => query(page).get(key)), ["accuracy", "memory", "qlora", null]);
  await page.goBack();
  await page.locator(".sheet .figures + .confidence a").click();
  await page.locator("#compared").waitFor();
  // Measured on this generation with this software: those are shown.
  assert.deepEqual(["kind", "measured", "gen"].map((key) => query(page).get(key)), ["training", "qlora", "ada"]);
  visitor.assertQuiet();
  await visitor.close();
});

test("what is asked of a setup and its recipe are said where it does not fit, too", async () => {
  const visitor = await whichcard.open("?view=compare&cards=&setups=model:llama-3-8b,job:qlora,card:rtx-4090/model:llama-3-70b,job:inference,card:rtx-3060-12gb&lang=en");
  const { page } = visitor;
  const cells = (figure) => page.locator(`#comparison tr[data-figure="${figure}"] td`).allInnerTexts();
  assert.deepEqual(await cells("app.field.model"), ["Llama 3 8B", "Llama 3 70B"]);
  assert.deepEqual(await cells("app.field.job"), ["QLoRA", "Run"]);
  assert.ok(!(await page.locator('#comparison [data-section="recipe"] tr').nth(1).locator("td").allInnerTexts()).includes("–"));
  visitor.assertQuiet();
  await visitor.close();
});

test("setups of one model are told apart by what is asked of each", async () => {
  const visitor = await whichcard.open("?view=compare&cards=&setups=model:llama-3-8b,job:inference,card:rtx-4090,users:1/model:llama-3-8b,job:inference,card:rtx-4090,users:8&lang=en");
  const { page } = visitor;
  const rows = page.locator('#comparison [data-section="asked"] tr[data-figure]');
  assert.deepEqual(await texts(rows.locator("td")), ["1", "8"]);
  assert.match(await page.locator('#comparison thead th[data-entry="setup"]').last().innerText(), /Requests at once 8/);
  visitor.assertQuiet();
  await visitor.close();
});

test("every estimate of a list says what supports it, and the weaker are marked and lead to measurements", async () => {
  const words = { calibrated: "calibrated", extrapolated: "extrapolated" };
  for (const [view, where, least] of [
    ["view=advise&model=llama-3-8b&job=qlora&cur=USD", "#ranking .row-card :is(.numbers, [data-datum='time'])", 16],
    ["view=compare&model=llama-3-8b&job=qlora&cards=rtx-3090,rtx-5090", "#comparison td[data-confidence]", 4],
    ["view=card&card=rtx-4090", "#matrix td:is(.fits, .tight, .offloaded)", 20],
    ["view=card&card=gtx-1080-ti&task=image-generation", "#matrix td:is(.fits, .tight, .offloaded)", 3],
  ]) {
    const visitor = await whichcard.open(`?${view}&lang=en`);
    const { page } = visitor;
    await page.locator(where).first().waitFor();
    const found = await page.locator(where).evaluateAll((all) => all.map((one) => [one.dataset.confidence, one.querySelector(".weak")?.innerText]));
    assert.ok(found.length >= least, `${view}: ${found.length}`);
    // A cell of the matrix has room for the weakest alone.
    const marked = (name) => (view.includes("view=card") && name === "calibrated" ? undefined : words[name]);
    for (const [name, mark] of found) {
      assert.ok(["measured-nearby", "calibrated", "extrapolated"].includes(name), `${view}: ${name}`);
      assert.equal(mark, marked(name), view);
    }
    if (view.includes("advise")) {
      const weak = page.locator('[data-datum="time"] a.weak').first();
      assert.match(await weak.getAttribute("aria-label"), /RTX|GTX|TITAN/);
      await weak.click();
      await page.locator("#compared").waitFor();
      assert.equal(query(page).get("kind"), "training");
    }
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("who stands behind the figures, and what is kept, is said in both languages", async () => {
  for (const [lang, words] of [["en", /pci\.ids|PCI ID/i], ["zh-CN", /隐私/]]) {
    const visitor = await whichcard.open(`?view=about&lang=${lang}`);
    assert.match(await visitor.page.locator("#results").innerText(), words);
    visitor.assertQuiet();
    await visitor.close();
  }
});

const TALL = {
  comparison: "view=compare&cards=rtx-3090,rtx-4090,rtx-5090,a40",
  ledger: "view=catalogue",
  measurements: "view=accuracy",
  matrix: "view=card&card=rtx-4090",
};

for (const [id, query] of Object.entries(TALL)) {
  test(`the heads of the columns stay in sight down to the last row: ${id}`, async () => {
    for (const width of [360, 768, 1024, 1440]) {
      const visitor = await whichcard.open(`?${query}&lang=en`, { viewport: { width, height: 720 } });
      const { page } = visitor;
      const last = page.locator(`#${id} tbody tr`).filter({ visible: true }).last();
      await last.evaluate((row) => row.scrollIntoView({ block: "end" }));
      const seen = await page.evaluate((id) => {
        const table = document.getElementById(id);
        const head = [...table.querySelectorAll("thead :is(th, td)")].filter((one) => one.checkVisibility()).at(-1).getBoundingClientRect();
        const body = [...table.querySelectorAll("tbody tr")].filter((one) => one.checkVisibility()).at(-1).getBoundingClientRect();
        const box = table.parentElement.getBoundingClientRect();
        const there = document.elementFromPoint(Math.min(head.left + 8, box.right - 8), head.top + head.height / 2);
        return { top: head.top, bottom: head.bottom, body: body.bottom, above: !!there?.closest("thead") };
      }, id);
      assert.ok(seen.top >= -1 && seen.bottom < seen.body && seen.above, `${width}: ${JSON.stringify(seen)}`);
      visitor.assertQuiet();
      await visitor.close();
    }
  });
}
