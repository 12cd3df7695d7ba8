// Whole ways through the page by keyboard alone, as somebody without a pointer takes them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, site, verdict } from "./harness.mjs";

const whichcard = site();

/** Walks with Tab until the focus is where it is wanted; fails where it never comes there, or is where nobody sees it. */
async function tabTo(page, what, key = "Tab") {
  for (let step = 0; step < 160; step += 1) {
    await page.keyboard.press(key);
    const [there, seen, name] = await page.evaluate((what) => {
      const one = document.activeElement;
      const box = one.getBoundingClientRect();
      // What is drawn to look like a control stands in for the one that is laid over it.
      const drawn = one.matches(".chip input") ? one.nextElementSibling : one;
      const style = getComputedStyle(drawn);
      const outlined = style.outlineStyle !== "none" || getComputedStyle(drawn, "::after").outlineStyle !== "none" || one.matches(".point");
      return [one.matches(what), box.width > 0 && box.height > 0 && outlined, `${one.tagName}#${one.id}.${one.className?.baseVal ?? one.className}`];
    }, what);
    assert.ok(seen || name.startsWith("BODY"), `the focus is not to be seen on ${name}`);
    if (there) return;
  }
  assert.fail(`Tab never comes to ${what}`);
}

for (const lang of LANGS) {
  test(`from landing to a trustworthy answer and its working: ${lang}`, async () => {
    const visitor = await whichcard.open(`?lang=${lang}`);
    const { page } = visitor;
    // The task.
    await tabTo(page, "#task input");
    const before = await page.locator("#verdict").innerText();
    await page.keyboard.press("ArrowRight");
    await page.locator('#task input[value="chat"]:checked').waitFor();
    // The model, found by typing.
    await page.keyboard.press("/");
    await page.locator("#model-list").waitFor();
    await page.keyboard.type("qwen3 14b");
    await page.keyboard.press("Enter");
    await page.locator('#model[data-chosen="qwen3-14b"]').waitFor();
    assert.notEqual(await page.locator("#verdict").innerText(), before);
    assert.equal(await page.locator("#verdict").getAttribute("aria-live"), "polite");
    // The first card, its sheet, and how a number was worked out.
    await tabTo(page, "#ranking button.opens");
    await page.keyboard.press("Enter");
    await page.locator("#ranking .sheet").waitFor();
    await tabTo(page, ".parts tfoot a.leads");
    await page.keyboard.press("Enter");
    await page.locator('[data-step="memory.total"] .formula').waitFor();
    assert.ok(await page.locator('[data-step="memory.total"] .formula').isVisible());
    visitor.assertQuiet();
    await visitor.close();
  });
}

test("my card: picked, and a cell of its table opens the setup", async () => {
  const visitor = await whichcard.open("?lang=en");
  const { page } = visitor;
  await tabTo(page, '[data-view-link="card"]');
  await page.keyboard.press("Enter");
  await page.locator("#matrix").waitFor();
  await tabTo(page, "#card");
  await page.keyboard.type("3060 12");
  await page.keyboard.press("Enter");
  await page.locator('.answer[data-card="rtx-3060-12gb"]').waitFor();
  await tabTo(page, "#matrix td a");
  await page.keyboard.press("Enter");
  await page.locator(".sheet").waitFor();
  assert.ok(["fits", "tight", "no"].includes(await verdict(page)));
  visitor.assertQuiet();
  await visitor.close();
});

test("compare: a setup is pinned, a card added and left out again", async () => {
  const visitor = await whichcard.open("?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4090&lang=en");
  const { page } = visitor;
  await tabTo(page, "button.pin");
  await page.keyboard.press("Enter");
  await page.locator('button.pin[aria-pressed="true"]').waitFor();
  // Pressing it leaves the focus on it.
  await tabTo(page, "a.compares-pinned");
  await page.keyboard.press("Enter");
  await page.locator("#comparison").waitFor();
  await tabTo(page, "#cards");
  await page.keyboard.type("a40");
  await page.keyboard.press("Enter");
  await page.locator('#comparison th[data-card="a40"]').waitFor();
  await tabTo(page, '[data-leave="a40"]');
  await page.keyboard.press("Enter");
  await page.locator('#comparison th[data-card="a40"]').waitFor({ state: "detached" });
  visitor.assertQuiet();
  await visitor.close();
});

test("numbers step with the arrow keys, and the skip link leads past the question", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en");
  const { page } = visitor;
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "results");
  await page.locator("#n").focus();
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator("#n").inputValue(), "2");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("#n").inputValue(), "2");
  await page.locator("#seq").focus();
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator("#seq").inputValue(), "4096");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("#seq").inputValue(), "1024");
  // What stands around an amount stays.
  await page.goto(`${whichcard.server.address}?view=advise&lang=en`);
  await answered(page);
  await page.locator("#budget").fill("3000 CNY");
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator("#budget").inputValue(), "4000 CNY");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("#budget").inputValue(), "3000 CNY");
  visitor.assertQuiet();
  await visitor.close();
});
