// A phone: the question unfolded above an answer that is out of sight, fingers, large letters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, settled, site } from "./harness.mjs";

const whichcard = site();
const PHONE = { viewport: { width: 390, height: 740 }, hasTouch: true, isMobile: true };
const VIEWS = {
  advise: "view=advise&model=llama-3-8b&job=qlora",
  card: "view=card&card=rtx-3060-12gb",
  inspect: "view=inspect&model=qwen3-14b&job=qlora&card=rtx-4090",
  scratch: "view=scratch&model=llama-2-7b&card=rtx-3090",
  compare: "view=compare&model=llama-3-8b&job=qlora&cards=rtx-3090,rtx-4090",
};

const line = (page) => page.locator("#answer-line");

for (const [view, query] of Object.entries(VIEWS)) {
  test(`the unfolded question has the answer in a line at the foot of the screen: ${view}`, async () => {
    for (const lang of LANGS) {
      const visitor = await whichcard.open(`?${query}&lang=${lang}`, PHONE);
      const { page } = visitor;
      if ((await page.locator(".fold").getAttribute("aria-expanded")) === "false") {
        assert.ok(await line(page).isHidden(), "the answer is in sight");
        await page.locator(".fold").tap();
      }
      const box = await settled(() => line(page).boundingBox(), (box) => box && box.y + box.height <= 740);
      assert.ok(box.y > 600 && box.height >= 44, JSON.stringify(box));
      assert.match(await line(page).innerText(), /\d/);
      // A tap leads to the answer, above which the line then stands.
      await line(page).tap();
      await page.waitForFunction(() => {
        const { top } = document.querySelector("#verdict").getBoundingClientRect();
        return top > 0 && top < innerHeight / 2;
      });
      assert.equal(await page.evaluate(() => document.activeElement.id), "results");
      visitor.assertQuiet();
      await visitor.close();
    }
  });
}

test("what is changed in the form is read in the line, and so is that it cannot be read", async () => {
  const visitor = await whichcard.open(`?${VIEWS.inspect}&lang=en`, PHONE);
  const { page } = visitor;
  await page.locator(".fold").tap();
  assert.match(await line(page).innerText(), /^Fits/);
  await page.locator("#seq").fill("32k");
  await page.waitForFunction(() => /^Does not fit/.test(document.querySelector("#answer-line").innerText));
  await page.locator("#seq").fill("long");
  await page.waitForFunction(() => /Cannot be read/.test(document.querySelector("#answer-line").innerText));
  await visitor.close();
});

test("the line covers no field that has the focus, and is not for wide screens, paper and articles", async () => {
  const visitor = await whichcard.open(`?${VIEWS.inspect}&lang=en`, PHONE);
  const { page } = visitor;
  await page.locator(".fold").tap();
  await page.locator("#recipe").evaluate((part) => (part.open = true));
  await page.locator(".fold").focus();
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const covered = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one.closest("#question-form")) return null;
      const [field, foot] = [one.getBoundingClientRect(), document.querySelector("#answer-line").getBoundingClientRect()];
      return field.bottom > foot.top && field.top < foot.bottom ? one.id || one.className : false;
    });
    if (covered === null && step > 8) break;
    assert.ok(!covered, `${covered} is below the line`);
  }
  await page.emulateMedia({ media: "print" });
  assert.ok(await line(page).isHidden(), "on paper");
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.ok(await line(page).isHidden(), "on a wide screen");
  await page.setViewportSize(PHONE.viewport);
  for (const form of ["compact=0", "compact=1"]) {
    await page.goto(`${whichcard.server.address}?${VIEWS.inspect}&embed=1&${form}`);
    await answered(page);
    assert.equal(await line(page).filter({ visible: true }).count(), 0, form);
  }
  await visitor.close();
});

for (const lang of LANGS) {
  test(`letters twice as large fit on a phone: ${lang}`, async () => {
    const visitor = await whichcard.visit(PHONE);
    const { page } = visitor;
    for (const [view, query] of Object.entries({ ...VIEWS, cards: "view=catalogue&open=rtx-4090&find=4090", accuracy: "view=accuracy", about: "view=about" })) {
      await visitor.go(`${whichcard.server.address}?${query}&lang=${lang}`);
      await answered(page);
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      if (await page.locator(".fold").isVisible()) await page.locator("button.fold[aria-expanded=false]").tap({ timeout: 1000 }).catch(() => {});
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      const wide = await page.evaluate(() => {
        const limit = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= limit) return [];
        const out = [...document.querySelectorAll("body *")].filter((one) => !one.closest(".scroll *") && one.getBoundingClientRect().right > limit + 1);
        return out.map((one) => `${one.tagName}#${one.id}.${one.className}`);
      });
      assert.deepEqual(wide.slice(0, 6), [], view);
    }
    await visitor.close();
  });
}

test("a switch between more languages than two has room on a phone", async () => {
  for (const width of [320, 360]) {
    const visitor = await whichcard.open("?lang=en", { ...PHONE, viewport: { width, height: 740 } });
    const { page } = visitor;
    for (const more of [1, 5]) {
      await page.evaluate((more) => {
        const [one] = document.querySelectorAll("[data-lang]");
        one.after(...Array.from({ length: more }, () => one.cloneNode(true)));
      }, more);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${more} more at ${width}`);
    }
    await visitor.close();
  }
});
