// What the answer looks like: to scale, in the page's language, readable at any width and without colour.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGS, site, violations } from "./harness.mjs";

const whichcard = site();
const GPT3 = "?view=inspect&model=gpt3-175b&job=inference&card=a40";
const VIEWS = {
  advise: "?view=advise&model=llama-3-8b&job=qlora&seq=2048",
  card: "?view=card&card=gtx-1080-ti",
  inspect: GPT3,
  image: "?view=inspect&task=image-recognition&model=resnet-50&job=full-finetune&card=rtx-4060",
};

test("a need far above the card is drawn to scale, with the card's end in sight", async () => {
  const visitor = await whichcard.open(`${GPT3}&lang=en`);
  const drawn = await visitor.page.evaluate(() => {
    const strip = document.querySelector(".ruled .strip");
    const box = (what) => strip.querySelector(what).getBoundingClientRect();
    const whole = strip.getBoundingClientRect();
    const parts = [...strip.querySelectorAll(".part")].reduce((sum, part) => sum + part.getBoundingClientRect().width, 0);
    return {
      end: (box(".end").left - whole.left) / whole.width,
      needed: parts / whole.width,
      beyond: box(".beyond").width / whole.width,
    };
  });
  // 331 GiB on a card of 47, and the high estimate beyond that.
  assert.ok(drawn.end > 0.05 && drawn.end < 0.2, JSON.stringify(drawn));
  assert.ok(drawn.needed > drawn.end * 5 && drawn.needed <= 1, JSON.stringify(drawn));
  assert.ok(Math.abs(drawn.end + drawn.beyond - drawn.needed) < 0.02, JSON.stringify(drawn));
  assert.match(await visitor.page.locator(".ceiling").innerText(), /47/);
  assert.equal(await visitor.page.locator(".figures + .confidence").getAttribute("data-confidence"), "extrapolated");
  await visitor.close();
});

test("the working speaks Chinese on the Chinese page, and its sources are links", async () => {
  const visitor = await whichcard.open(`${GPT3}&lang=zh-CN`);
  const { page } = visitor;
  await page.evaluate(() => document.querySelectorAll(".working details").forEach((one) => (one.open = true)));
  const meanings = await page.locator(".working dt > span").allInnerTexts();
  assert.ok(meanings.length > 30, `${meanings.length} meanings`);
  for (const meaning of meanings) assert.match(meaning, /[\u4e00-\u9fff]/, meaning);
  for (const formula of await page.locator(".working .formula").allInnerTexts()) {
    assert.doesNotMatch(formula, /[a-zA-Z]{4,}/, formula);
  }
  assert.match(await page.locator('[data-step="memory.total"] .source').innerText(), /^来源：\S/);
  const links = await page.locator(".working .source a").evaluateAll((all) => all.map((one) => one.href));
  assert.ok(links.length > 15 && links.every((link) => link.startsWith("https://")), `${links.length} links`);
  await visitor.close();
});

test("a network without attention has no attention in its recipe, and its weights are what is counted", async () => {
  const visitor = await whichcard.open(`${VIEWS.image}&lang=en`);
  const recipe = await visitor.page.locator(".sheet dl.recipe").innerText();
  assert.match(recipe, /FP32/);
  assert.doesNotMatch(recipe, /attention|Transformers|logits|KV/i);
  // Nor does the form offer it, unless the link asks for it.
  await visitor.page.locator("#recipe summary").click();
  // Its stages can be computed again, which halves what is kept.
  for (const id of ["opt", "ckpt"]) assert.ok(await visitor.page.locator(`#${id}`).isVisible(), id);
  for (const id of ["attn", "stack", "loss"]) assert.ok(await visitor.page.locator(`#${id}`).isHidden(), id);
  await visitor.page.goto(`${whichcard.server.address}${VIEWS.image}&lang=en&attn=flash`);
  await visitor.page.locator("#recipe summary").click();
  assert.ok(await visitor.page.locator("#attn").isVisible());
  await visitor.close();
});

for (const width of [320, 360]) {
  test(`nothing scrolls the page sideways at ${width} pixels`, async () => {
    const visitor = await whichcard.visit({ viewport: { width, height: 720 } });
    for (const [name, query] of Object.entries(VIEWS)) {
      for (const lang of LANGS) {
        await visitor.go(`${whichcard.server.address}${query}&lang=${lang}`);
        await visitor.page.locator("#verdict").waitFor();
        await visitor.page.evaluate(() => document.querySelectorAll("#results details").forEach((one) => (one.open = true)));
        const over = await visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(over, 0, `${name} ${lang}`);
      }
    }
    await visitor.close();
  });
}

/** Lists whose chosen or default entry has less room than it needs, and question marks that stand below the last letter they are about. */
const CUT = () => {
  const pen = document.createElement("canvas").getContext("2d");
  const seen = (one) => one.getClientRects().length > 0;
  const cut = [...document.querySelectorAll("select")].filter(seen).flatMap((list) => {
    const style = getComputedStyle(list);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = list.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    return [...list.options].filter((entry) => pen.measureText(entry.text).width > room + 1).map((entry) => `${list.id}: ${entry.text}`);
  });
  const alone = [...document.querySelectorAll(".term button")].filter(seen).filter((sign) => {
    const words = document.createRange();
    words.selectNodeContents(sign.closest(".term").previousElementSibling);
    const [line, box] = [[...words.getClientRects()].at(-1), sign.getBoundingClientRect()];
    const middle = (box.top + box.bottom) / 2;
    return middle < line.top || middle > line.bottom;
  });
  return [...cut, ...alone.map((sign) => `? ${sign.dataset.term}`)];
};

for (const width of [360, 1280]) {
  test(`no entry of a list is cut, and no question mark stands on a line of its own at ${width} pixels`, async () => {
    const visitor = await whichcard.visit({ viewport: { width, height: 800 } });
    const { page } = visitor;
    for (const query of [VIEWS.image, "?view=inspect&model=qwen3-14b&job=qlora&card=rtx-4090&n=2", "?view=advise", "?view=compare&cards=rtx-4090,a40"]) {
      for (const lang of LANGS) {
        await visitor.go(`${whichcard.server.address}${query}&lang=${lang}`);
        await page.locator("#verdict").waitFor();
        if (width < 992) await page.locator("button.fold").click();
        await page.locator("#question-form details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
        assert.deepEqual(await page.evaluate(CUT), [], `${query} ${lang}`);
        // Two fields side by side stand at one height, also where the label of one takes two lines.
        const tops = await page.evaluate(() => ["seq", "samples"].map((id) => document.getElementById(id)?.getBoundingClientRect().top));
        assert.equal(tops[0], tops[1], `${query} ${lang}`);
      }
    }
    await visitor.close();
  });
}

test("the table of a card keeps its models in sight while it scrolls", async () => {
  const visitor = await whichcard.visit({ viewport: { width: 360, height: 720 } });
  await visitor.go(`${whichcard.server.address}${VIEWS.card}&lang=en`);
  const { page } = visitor;
  await page.locator("#matrix").waitFor();
  const left = () => page.locator("#matrix tbody th").first().evaluate((cell) => Math.round(cell.getBoundingClientRect().left));
  const before = await left();
  await page.locator(".matrix .scroll").evaluate((scroll) => scroll.scrollTo(200, 0));
  assert.equal(await left(), before);
  assert.ok(await page.locator(".sideways").isVisible());
  await visitor.close();
});

test("a list to pick from is clean to axe while it is open", async () => {
  for (const [query, field] of [["?view=advise", "model"], ["?view=inspect", "card"], ["?view=compare", "cards"]]) {
    const visitor = await whichcard.open(`${query}&lang=en`);
    await visitor.page.locator(`#${field}`).click();
    await visitor.page.locator(`#${field}-list [role=option]`).first().waitFor();
    assert.deepEqual(await violations(visitor.page), [], query);
    await visitor.close();
  }
});

test("every dot of time against money has a row of its table, which opens its plan", async () => {
  const visitor = await whichcard.open("?view=advise&model=llama-3-8b&job=qlora&lang=en");
  const { page } = visitor;
  const dots = await page.locator("#front .point").evaluateAll((all) => all.map((one) => one.dataset.point).sort());
  const front = await page.locator("#front .point:is(.main, .best)").evaluateAll((all) => all.map((one) => one.dataset.point));
  await page.locator("#front-table > summary").click();
  const rows = page.locator("#front-table [data-row]");
  await rows.first().waitFor();
  assert.deepEqual(await rows.evaluateAll((all) => all.map((one) => one.dataset.row).sort()), dots);
  const marked = await page.locator('#front-table [data-front="true"]').evaluateAll((all) => all.map((one) => one.dataset.row));
  assert.ok(marked.length > 3 && front.every((id) => marked.includes(id)), marked.join(" "));
  const several = marked.find((id) => /-x\d$/.test(id));
  await page.locator(`[data-row="${several}"] a`).click();
  await page.locator(`#row-${several}.open`).waitFor();
  await page.evaluate(() => (navigator.clipboard.writeText = async (text) => (window.copied = text)));
  await page.locator('[data-copy="csv"]').click();
  await page.waitForFunction(() => window.copied);
  const lines = (await page.evaluate(() => window.copied)).trim().split(/\r?\n/);
  const on = lines[0].split(",").indexOf("On the line");
  assert.ok(on > 0 && lines.filter((line) => line.endsWith(",yes")).length === marked.length, lines.join("\n"));
  visitor.assertQuiet();
  await visitor.close();
});

test("a memory of hundreds of GiB, and letters set wide, scroll nothing sideways", async () => {
  const visitor = await whichcard.visit({ viewport: { width: 320, height: 720 } });
  const { page } = visitor;
  const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  for (const query of ["model=llama-3-70b&job=full-finetune&card=rtx-4090&n=2", "model=llama-3.1-405b&job=lora&card=h100-sxm&n=8", "model=deepseek-v3&job=inference&card=b200&n=64"]) {
    await visitor.go(`${whichcard.server.address}?view=inspect&${query}&lang=en`);
    await page.locator(".parts").waitFor();
    assert.ok((await tooWide()) <= 0, query);
  }
  await page.setViewportSize({ width: 360, height: 720 });
  await visitor.go(`${whichcard.server.address}?view=inspect&lang=en`);
  await page.locator(".parts").waitFor();
  // As WCAG 2.2 asks in 1.4.12.
  await page.addStyleTag({ content: "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }" }).catch(() => {});
  await page.evaluate(() => document.documentElement.style.cssText += "letter-spacing:.12em;word-spacing:.16em;line-height:1.5");
  assert.ok((await tooWide()) <= 0, "letters set wide");
  await visitor.close();
});

test("every opened answer is clean to axe, light and dark", async () => {
  for (const theme of ["light", "dark"]) {
    for (const [name, query] of Object.entries(VIEWS)) {
      const visitor = await whichcard.open(`${query}&lang=en&theme=${theme}`);
      await visitor.page.evaluate(() => document.querySelectorAll("#results details").forEach((one) => (one.open = true)));
      assert.deepEqual(await violations(visitor.page), [], `${name} ${theme}`);
      await visitor.close();
    }
  }
});
