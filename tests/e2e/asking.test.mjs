// What is asked, chosen, undone and typed wrongly: in every view, in both languages, on a phone too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, pick, settled, site } from "./harness.mjs";

const whichcard = site();
const PHONE = { viewport: { width: 360, height: 740 } };

/** Opens what is folded away. */
async function unfold(page) {
  const fold = page.locator("button.fold");
  if ((await fold.isVisible()) && (await fold.getAttribute("aria-expanded")) === "false") await fold.click();
  await page.locator("#question-form details").evaluateAll((all) => all.forEach((part) => (part.open = true)));
}

const WORDS = {
  task: "chess",
  job: "qlroa",
  goal: "cheapst-to-buy",
  form: "phone",
  cond: "rusty",
  cur: "DOGE",
  country: "XX",
  weights: "nf5",
  prec: "bf61",
  opt: "adam",
  ckpt: "most",
  attn: "flsh",
  stack: "transfomers",
  shard: "zero9",
  link: "wire",
  offload: "moon",
};

for (const lang of ["en", "zh-CN"]) {
  test(`an unknown name in the address is said at its field, with the choices, and kept: ${lang}`, async () => {
    for (const [view, keys] of [["advise", ["task", "job", "goal", "form", "cond", "cur", "country"]], ["inspect", Object.keys(WORDS).filter((key) => !["goal", "form", "cond"].includes(key))]]) {
      const query = keys.map((key) => `${key}=${WORDS[key]}`).join("&");
      const visitor = await whichcard.open(`?view=${view}&lang=${lang}&${query}`, PHONE);
      const { page } = visitor;
      await unfold(page);
      for (const key of keys) {
        const message = page.locator(`#${key}-message`);
        assert.ok(await message.isVisible(), `${view} ${key}`);
        const text = await message.innerText();
        assert.ok(text.includes(WORDS[key]), `${key}: ${text}`);
        assert.match(text, lang === "en" ? /choices: .+,/ : /可选：.+、/, key);
        if (lang === "zh-CN") assert.doesNotMatch(text, /choices|default|not one/, key);
      }
      for (const key of keys) assert.equal(new URL(page.url()).searchParams.get(key), WORDS[key], "kept");
      assert.notEqual(await page.locator("#verdict h1").innerText(), "");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${view}: ${wide} px too wide`);
      visitor.assertQuiet();
      await visitor.close();
    }
  });

  test(`a number out of its limits is told the limit with its unit: ${lang}`, async () => {
    const visitor = await whichcard.open(`?view=inspect&lang=${lang}&limit=9000&reserved=99999&seq=0&card=custom&vram=0.1&kwh=-1`, PHONE);
    const { page } = visitor;
    await unfold(page);
    for (const [id, bound] of [["limit", "5,000 W"], ["reserved", "10,000 GiB"], ["seq", lang === "en" ? "at least 1." : "1 个 token"], ["vram", "0.25 GiB"], ["kwh", "/kWh"]]) {
      const text = await page.locator(`#${id}-message`).innerText();
      assert.ok(text.includes(bound), `${id}: ${text}`);
      assert.doesNotMatch(text, /\b(rig|recipe|money|job)\./, "no path of the request");
    }
    await page.locator("#limit").fill("0.3千瓦");
    await page.locator("#limit-message").waitFor({ state: "hidden" });
    assert.match(await page.locator("#limit ~ *, .field:has(#limit) .echo").last().innerText(), /300/);
    visitor.assertQuiet();
    await visitor.close();
  });

  test(`a pasted configuration with a mistake is answered in the visitor's language, and stays: ${lang}`, async () => {
    for (const view of ["advise", "card", "inspect"]) {
      const visitor = await whichcard.open(`?view=${view}&lang=${lang}&model=config`, PHONE);
      const { page } = visitor;
      await unfold(page);
      for (const [text, said] of [
        ['{"hidden_size": ', lang === "en" ? /ends before/ : /不完整/],
        ['{\n"hidden_size": oops}', lang === "en" ? /line 2/ : /第 2 行/],
        ['{"model_type": "llama", "hidden_size": 0}', lang === "en" ? /hidden_size.*whole number from 1/ : /hidden_size.*整数/],
        ["[1, 2]", lang === "en" ? /not a model configuration/ : /不是模型配置/],
      ]) {
        await page.locator("#config").fill(text);
        await page.locator("#config-message").filter({ hasText: said }).waitFor();
        assert.equal(await page.locator("#config").inputValue(), text);
        const message = await page.locator("#config-message").innerText();
        if (lang === "zh-CN") assert.doesNotMatch(message, /whole|needed|must|object/);
      }
      visitor.assertQuiet();
      await visitor.close();
    }
  });
}

const CONFIG = {
  model_type: "llama",
  hidden_size: 2048,
  num_hidden_layers: 16,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  intermediate_size: 8192,
  vocab_size: 128256,
  tie_word_embeddings: true,
};

test("a model of one's own is answered in every view", async () => {
  for (const view of ["advise", "card", "inspect"]) {
    for (const model of ["13B", "config"]) {
      const visitor = await whichcard.open(`?view=${view}&lang=en`);
      const { page } = visitor;
      if (model === "config") {
        await pick(page, "model", "config", "config");
        await page.locator("#config").fill(JSON.stringify(CONFIG));
        await page.waitForFunction(() => location.search.includes("config=%7B"));
      } else {
        await page.locator("#model").click();
        await page.locator("#model").fill(model);
        await page.locator(`#model-list [data-value="${model}"]`).click();
      }
      await answered(page);
      assert.ok(await page.locator("#model-message").isHidden(), view);
      if (view === "card") {
        const row = page.locator("#matrix tbody tr").first();
        assert.match(await row.locator("th").innerText(), model === "13B" ? /13B/ : /llama/i);
        await row.locator('td[data-kind="inference"] a').click();
        await page.locator('.page[data-view="inspect"]').waitFor();
        assert.equal(new URL(page.url()).searchParams.get("model"), model);
      } else if (view === "advise") {
        assert.ok((await page.locator("#ranking > li").count()) >= 1, model);
      }
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});

test("a card of one's own has abilities", async () => {
  const visitor = await whichcard.open("?view=card&lang=en");
  const { page } = visitor;
  await pick(page, "card", "custom", "custom");
  await page.locator("#vram").fill("48");
  await page.locator("#cc").selectOption("7.5");
  await page.locator('.answer[data-card="custom"] [data-capability="bf16"][data-can="no"]').waitFor();
  assert.ok((await page.locator('#matrix td[data-verdict="fits"]').count()) >= 1);
  await page.locator('#matrix td[data-verdict="fits"] a').first().click();
  await page.locator('.page[data-view="inspect"]').waitFor();
  assert.equal(new URL(page.url()).searchParams.get("vram"), "48");
  visitor.assertQuiet();
  await visitor.close();
});

test("Back undoes a choice at a time and Forward does it again; typing is no step", async () => {
  const visitor = await whichcard.open("?view=advise&lang=en");
  const { page } = visitor;
  const chosen = () => page.locator("#job input:checked").getAttribute("value");
  const before = await chosen();
  await page.locator('#job label[data-value="inference"]').click();
  await page.locator("#prompt").fill("4096");
  await page.locator("#prompt").fill("8192");
  await page.waitForFunction(() => location.search.includes("prompt=8192"));
  await page.locator('#goal label[data-value="fastest"]').click();
  await page.waitForFunction(() => location.search.includes("goal=fastest"));
  await page.goBack();
  await page.locator('#goal input[value="cheapest-to-buy"]:checked').waitFor({ state: "attached" });
  assert.equal(await page.locator("#prompt").inputValue(), "8192");
  assert.equal(await page.evaluate(() => document.activeElement.name), "goal", "the focus stays where it was");
  await page.goBack();
  await page.locator(`#job input[value="${before}"]:checked`).waitFor({ state: "attached" });
  await page.goForward();
  await page.locator('#job input[value="inference"]:checked').waitFor({ state: "attached" });
  assert.equal(await page.locator("#prompt").inputValue(), "8192");
  await page.goForward();
  await page.locator('#goal input[value="fastest"]:checked').waitFor({ state: "attached" });
  visitor.assertQuiet();
  await visitor.close();
});

test("Back undoes another model, and closes the list that was open", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en");
  const { page } = visitor;
  const first = await page.locator("#model").inputValue();
  await pick(page, "model", "Qwen3 14B", "qwen3-14b");
  await page.waitForFunction(() => location.search.includes("model=qwen3-14b"));
  await page.locator("#model").click();
  await page.locator("#model").fill("llama");
  await page.goBack();
  await page.waitForFunction((name) => document.querySelector("#model").value === name, first);
  assert.equal(await page.locator("#model").getAttribute("aria-expanded"), "false");
  await visitor.close();
});

test("lists are searched by the names people use, and opened by /", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=zh-CN");
  const { page } = visitor;
  for (const [field, text, value] of [["model", "通义千问3 14B", "qwen3-14b"], ["model", "千问", "qwen2.5-7b"], ["card", "3080ti", "rtx-3080-ti"], ["card", "3080 Ti", "rtx-3080-ti"], ["card", "4090笔记本", "rtx-4090-laptop"], ["card", "特斯拉 P40", "tesla-p40"], ["card", "显卡 3060 12G", "rtx-3060-12gb"], ["model", "羊驼3 8B", "llama-3-8b"]]) {
    await page.locator(`#${field}`).click();
    await page.locator(`#${field}`).fill(text);
    await page.locator(`#${field}-list [data-value="${value}"]`).waitFor();
    await page.keyboard.press("Escape");
  }
  await page.locator("h1").click();
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await page.keyboard.type("/");
  assert.match(await page.locator(":focus").inputValue(), /\/$/, "in a field it is a letter");
  visitor.assertQuiet();
  await visitor.close();
});

test("a size finds the models that have it before the one of any make", async () => {
  const visitor = await whichcard.open("?view=advise&lang=en");
  const { page } = visitor;
  await page.locator("#model").click();
  await page.locator("#model").fill("8B");
  const values = () => page.locator("#model-list li").evaluateAll((all) => all.map((one) => one.dataset.value));
  const found = await settled(values, (found) => found.includes("8B"));
  assert.ok(found.length > 3, found.join());
  assert.deepEqual([found.indexOf("llama-3-8b"), found.indexOf("8B")], [0, found.length - 1]);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#model").inputValue(), "Llama 3 8B");
  await page.locator("#model").fill("8.4B");
  await page.locator('#model-list [data-value="8.4B"]').click();
  await page.waitForFunction(() => new URLSearchParams(location.search).get("model") === "8.4B");
  visitor.assertQuiet();
  await visitor.close();
});

test("several of a card are asked for as people write them", async () => {
  for (const [lang, typed, leave] of [["en", "2x3090", "Enter"], ["zh-CN", "两张3090", "Enter"], ["en", "RTX 3090 x2", "Tab"]]) {
    const visitor = await whichcard.open(`?view=card&lang=${lang}`);
    const { page } = visitor;
    await page.locator("#card").click();
    await page.locator("#card").fill(typed);
    assert.match(await page.locator("#card-list li").first().innerText(), /2\s×\sGeForce RTX 3090/);
    await page.keyboard.press(leave);
    await page.waitForFunction(() => location.search.includes("card=rtx-3090&n=2"));
    assert.equal(await page.locator("#card").inputValue(), "GeForce RTX 3090");
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("an amount counts in the currency it names", async () => {
  const visitor = await whichcard.open("?view=advise&lang=en&cur=USD");
  const { page } = visitor;
  await page.locator("#budget").fill("30k CNY");
  const dollars = async () => Number((await page.locator(".field:has(#budget) .echo").innerText()).replace(/[^0-9.]/g, ""));
  const read = await settled(dollars, (read) => read > 0 && read < 30_000);
  assert.ok(read > 3_000 && read < 6_000, `${read} USD`);
  visitor.assertQuiet();
  await visitor.close();
});

test("exchange rate and electricity are shown with source and date, and may be replaced", async () => {
  const visitor = await whichcard.open("?view=advise&lang=en&cur=CNY&country=DE");
  const { page } = visitor;
  await unfold(page);
  const origins = await page.locator("#money .origin").allInnerTexts();
  assert.equal(origins.length, 2);
  for (const text of origins) assert.match(text, /20\d\d/);
  // In the visitor's currency, as the field itself.
  assert.match(origins[0], new RegExp(`${await page.locator("#kwh").getAttribute("placeholder")} CNY/kWh.*converted from EUR`));
  const ranked = () => page.locator("#ranking").innerText();
  const before = await ranked();
  await page.locator("#cny").fill("5");
  await page.waitForFunction(() => location.search.includes("cny=5"));
  await page.waitForFunction((old) => document.querySelector("#ranking").innerText !== old, before);
  await page.reload();
  await answered(page);
  assert.equal(await page.locator("#cny").inputValue(), "5");
  visitor.assertQuiet();
  await visitor.close();
});

test("what is typed wrongly anywhere stays as it was typed", async () => {
  for (const lang of LANGS) {
    for (const view of ["advise", "card", "inspect"]) {
      const visitor = await whichcard.open(`?view=${view}&lang=${lang}`, PHONE);
      const { page } = visitor;
      await unfold(page);
      const ids = await page.locator('#question-form input[inputmode="decimal"]').evaluateAll((all) => all.filter((one) => one.offsetParent).map((one) => one.id));
      for (const text of ["很多", "-5", "1e999", "<b>x</b>"]) {
        for (const id of ids) await page.locator(`#${id}`).fill(text);
        for (const id of ids) {
          assert.equal(await page.locator(`#${id}`).inputValue(), text, id);
          assert.ok(await page.locator(`#${id}-message`).isVisible(), `${view} ${id} ${text}`);
        }
      }
      assert.notEqual(await page.locator("#verdict h1").innerText(), "");
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});
