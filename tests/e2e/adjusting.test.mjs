// One change at a time: fields that are changed, put back, slid and explained.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, site } from "./harness.mjs";

const whichcard = site();
const QLORA = "?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4090";

test("the price of a card stands in its field, with where and when it was read", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=zh-CN`);
  const { page } = visitor;
  await page.locator("#money").evaluate((part) => (part.open = true));
  for (const field of ["price", "rent"]) {
    assert.match(await page.locator(`#${field}`).getAttribute("placeholder"), /\d/);
    const origin = page.locator(`.field:has(#${field}) .origin`);
    assert.match(await origin.innerText(), /20\d\d/);
    assert.ok((await origin.locator("a, span").count()) >= 1);
  }
  visitor.assertQuiet();
  await visitor.close();
});

test("the last change is taken back by a button and by Ctrl+Z, and typing is one change", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en&model=llama-3-8b");
  const { page } = visitor;
  assert.ok(await page.locator("#undo").isDisabled());
  await page.locator("#seq").pressSequentially("4096");
  await page.locator('#job label[data-value="lora"]').click();
  await page.waitForFunction(() => location.search.includes("job=lora"));
  await page.locator("h1").click();
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => !location.search.includes("job=lora"));
  assert.equal(await page.locator("#seq").inputValue(), "4096");
  // In a field the browser takes letters back.
  await page.locator("#seq").focus();
  await page.keyboard.press("Control+z");
  assert.ok(!(await page.locator("#undo").isDisabled()));
  await page.locator("#seq").fill("4096");
  await page.locator("#undo").click();
  await page.waitForFunction(() => document.querySelector("#seq").value !== "4096");
  visitor.assertQuiet();
  await visitor.close();
});

test("on a phone the way back stands beside the question, and the end of a long form leads to the answer", async () => {
  const visitor = await whichcard.open("?view=advise&lang=en", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const { page } = visitor;
  const fold = page.locator(".fold");
  assert.ok(await page.locator("#undo").isHidden(), "nothing to take back");
  await fold.tap();
  await page.locator("#budget").fill("900");
  await page.locator("#undo").waitFor();
  const [line, undo] = [await fold.boundingBox(), await page.locator("#undo").boundingBox()];
  assert.ok(undo.y >= line.y && undo.y + undo.height <= line.y + line.height + 1 && undo.width >= 44 && undo.height >= 44, JSON.stringify([line, undo]));
  assert.ok((await page.evaluate(() => scrollY)) > 200 && line.y >= 0, "still in reach");
  await fold.tap();
  await page.waitForFunction(() => {
    const { top } = document.querySelector("#verdict").getBoundingClientRect();
    return document.querySelector("#question-form").offsetHeight === 0 && top > 0 && top < innerHeight / 2;
  });
  await page.locator("#undo").tap();
  await page.waitForFunction(() => !location.search.includes("budget"));
  visitor.assertQuiet();
  await visitor.close();
});

test("a field that was changed is marked and put back on its own", async () => {
  for (const lang of LANGS) {
    const visitor = await whichcard.open(`?view=inspect&lang=${lang}&model=llama-3-8b&seq=4096&opt=lion&rank=32`);
    const { page } = visitor;
    await page.locator("#recipe").evaluate((part) => (part.open = true));
    for (const id of ["seq", "opt"]) {
      assert.ok(await page.locator(`.field.changed #${id}`).isVisible());
      await page.locator(`[data-reset="${id}"]`).click();
      await page.waitForFunction((key) => !new URL(location.href).searchParams.has(key), id);
      assert.ok(await page.locator(`[data-reset="${id}"]`).isHidden());
      assert.equal(await page.evaluate(() => document.activeElement.id), id, "the focus stays at the field");
    }
    assert.equal(await page.locator("#rank").inputValue(), "32");
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("sliders set the usual values and stand at what holds", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en&model=llama-3-8b&job=qlora");
  const { page } = visitor;
  const slider = page.locator('[data-slider="seq"]');
  assert.equal(await slider.getAttribute("aria-valuetext"), "2,048");
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#seq").value === "4096");
  await page.locator("#seq").fill("5000");
  await page.waitForFunction(() => document.querySelector('[data-slider="seq"]').getAttribute("aria-valuetext") === "4,096");
  assert.equal(await page.locator("#seq").inputValue(), "5000", "what is typed stays");
  visitor.assertQuiet();
  await visitor.close();
});

test("words of the field are explained: by pointing, by keyboard, by touch", async () => {
  for (const lang of ["en", "zh-CN"]) {
    const visitor = await whichcard.open(`?view=inspect&lang=${lang}&model=llama-3-8b&job=qlora`, { hasTouch: true });
    const { page } = visitor;
    const button = page.locator('.field [data-term="sequence"]');
    const line = page.locator(`#${await button.getAttribute("aria-describedby")}`);
    assert.match(await line.textContent(), lang === "en" ? /token/ : /[\u4e00-\u9fff]/);
    assert.ok(await line.isHidden());
    await button.focus();
    assert.ok(await line.isVisible());
    await page.keyboard.press("Escape");
    assert.ok(await line.isHidden());
    await page.locator('.parts [data-term="optimizer"]').tap();
    assert.ok(await page.locator('.parts .term:has([data-term="optimizer"]) [role="tooltip"]').isVisible());
    assert.ok((await page.locator("[data-term]").count()) >= 15);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("what works on latents is asked for in pixels too, and the link keeps them", async () => {
  const visitor = await whichcard.open("?view=inspect&model=flux.1-dev&job=inference&card=rtx-4090&lang=en");
  const { page } = visitor;
  assert.equal(await page.locator("#seq").getAttribute("placeholder"), "1,024");
  const memory = () => page.locator("#verdict p:not(.eyebrow)").first().innerText();
  const whole = await memory();
  await page.locator("#seq").fill("2048");
  await page.waitForFunction((before) => document.querySelector("#verdict p:not(.eyebrow)").innerText !== before, whole);
  await page.waitForFunction(() => new URLSearchParams(location.search).get("seq") === "2048");
  assert.match(await page.locator(".fold").innerText(), /2,048 pixels/);
  visitor.assertQuiet();
  await visitor.close();
});

test("listening is timed against talking", async () => {
  for (const [lang, speed, clip] of [["en", /^[\d,]+× real time/, /clips of 30\ss/], ["zh-CN", /^[\d,]+ 倍实时/, /每条音频 30\s秒/]]) {
    const query = `?view=inspect&task=speech-recognition&model=whisper-small&job=inference&card=rtx-4090&lang=${lang}`;
    const visitor = await whichcard.open(query);
    const figure = visitor.page.locator('[data-figure="speed"]');
    assert.match(await figure.locator("b").innerText(), speed);
    assert.match(await figure.innerText(), clip);
    await figure.locator("a.leads").click();
    const step = visitor.page.locator('[data-step="time.realTime"]');
    assert.equal(await step.getAttribute("open"), "");
    assert.match(await step.locator('[data-symbol="t_n"] dd').innerText(), /^30/);
    await visitor.page.goto(`${whichcard.server.address}?view=advise&task=speech-recognition&job=inference&lang=${lang}`);
    await answered(visitor.page);
    assert.match(await visitor.page.locator("#verdict").innerText(), clip, "and in the answer of another view");
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("images are asked for in pixels and steps", async () => {
  const visitor = await whichcard.open("?view=inspect&model=sdxl-base&job=inference&card=rtx-4090&lang=en");
  const { page } = visitor;
  await page.locator("#seq").fill("1344x768 px");
  await page.locator("#out").fill("0");
  assert.match(await page.locator("#out-message").innerText(), /at least 1\./i);
  await page.locator("#out").fill("20");
  await page.locator("#verdict").waitFor();
  assert.equal(await page.locator("#seq-message").isVisible(), false);
  assert.match(await page.locator('.field:has(#seq) .echo').innerText(), /1,016/);
  assert.match(await page.locator('[data-figure="speed"]').innerText(), /an image|images\/s/);
  assert.match(await page.locator('.field:has(#users) label').innerText(), /Images at once/);
  visitor.assertQuiet();
  await visitor.close();
});
