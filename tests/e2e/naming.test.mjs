// What things are called: the page in a row of tabs, days, and the models a name stands for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { settled, site } from "./harness.mjs";

const whichcard = site();
/** Whatever kind of space it is. */
const plain = (text) => text.replaceAll("\u00a0", " ");

const TITLES = [
  ["view=advise&model=llama-3-8b&job=qlora", "Llama 3 8B, QLoRA", "Llama 3 8B、QLoRA"],
  ["view=inspect&model=qwen3-14b&job=lora&card=rtx-4090&n=2", "Qwen3 14B, LoRA, 2 × GeForce RTX 4090", "Qwen3 14B、LoRA、2 × GeForce RTX 4090"],
  ["view=card&card=gtx-1080-ti", "GeForce GTX 1080 Ti", "GeForce GTX 1080 Ti"],
  ["view=compare&cards=a40,rtx-3090", "A40, GeForce RTX 3090", "A40、GeForce RTX 3090"],
  ["view=catalogue", "Catalogue", "型号库"],
];

test("the page is called after its question, in both languages", async () => {
  for (const [place, lang] of ["en", "zh-CN"].entries()) {
    for (const [query, ...names] of TITLES) {
      const visitor = await whichcard.open(`?${query}&lang=${lang}`);
      assert.equal(plain(await visitor.page.title()), `${names[place]} · Whichcard`);
      await visitor.close();
    }
  }
  const visitor = await whichcard.open(`?${TITLES[0][0]}&lang=en`);
  await visitor.page.locator('#job label[data-value="lora"]').click();
  assert.equal(await settled(() => visitor.page.title(), (title) => /LoRA/.test(title) && !/QLoRA/.test(title)), "Llama 3 8B, LoRA · Whichcard");
  await visitor.close();
});

test("days are written as people do, in both languages", async () => {
  for (const [lang, day] of [["en", /\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 20\d\d\b/], ["zh-CN", /20\d\d 年 \d{1,2} 月 \d{1,2} 日/]]) {
    for (const view of ["about", "catalogue", "advise"]) {
      const visitor = await whichcard.open(`?view=${view}&lang=${lang}`);
      await visitor.page.locator("details.sources > summary").click({ timeout: view === "about" ? 5000 : 1 }).catch(() => {});
      const text = plain(await visitor.page.locator("body").innerText());
      assert.match(text, day, `${view} ${lang}`);
      assert.doesNotMatch(text, /20\d\d-\d\d(-\d\d)?(?![\d-])/, `${view} ${lang}`);
      await visitor.close();
    }
  }
});

test("the name of a family offers its newest first", async () => {
  const visitor = await whichcard.open("?view=advise&lang=zh-CN");
  const { page } = visitor;
  await page.locator("#model").click();
  for (const [typed, first, behind] of [["DeepSeek", "deepseek-v4-pro", "deepseek-v2-lite"], ["kimi", "kimi-k2.5", "kimi-linear-48b-a3b"]]) {
    await page.locator("#model").fill(typed);
    const values = () => page.locator("#model-list [role=option]").evaluateAll((all) => all.map((one) => one.dataset.value));
    const found = await settled(values, (values) => values[0] === first);
    assert.equal(found[0], first);
    assert.ok(found.indexOf(behind) > 0, `${behind} of ${found}`);
  }
  visitor.assertQuiet();
  await visitor.close();
});

test("a change of format and program calls both by their names", async () => {
  for (const lang of ["en", "zh-CN"]) {
    const visitor = await whichcard.open(`?view=inspect&model=gpt3-175b&job=inference&card=a40&lang=${lang}`);
    const said = await visitor.page.locator("#changes li", { hasText: "llama.cpp" }).first().innerText();
    assert.match(said, /GGUF I?Q\d/, said);
    await visitor.close();
  }
});
