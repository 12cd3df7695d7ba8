// Every view, in both languages and themes: readable by all, at any width, with nothing left untranslated.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, site, violations } from "./harness.mjs";

const whichcard = site();

const VIEWS = {
  advise: "view=advise&model=llama-3-8b&job=qlora&seq=2048&cur=CNY&budget=12000",
  card: "view=card&card=gtx-1080-ti",
  inspect: "view=inspect&model=gpt3-175b&job=inference&card=a40",
  image: "view=inspect&task=image-recognition&model=resnet-50&job=full-finetune&card=rtx-4060",
  compare: "view=compare&cards=gtx-1080-ti,rtx-4090,a100-sxm4-80gb,nothing-at-all",
  setups: "view=compare&cards=rtx-4090&setups=model:qwen3-14b,job:qlora,card:rtx-4090/model:gpt3-175b,job:inference,card:a40,n:2",
  scratch: "view=scratch&model=llama-2-7b&card=rtx-3090",
  cards: "view=catalogue&open=rtx-4090&find=4090",
  models: "view=catalogue&list=models",
  accuracy: "view=accuracy&kind=decode",
  about: "view=about",
  mistakes: "view=inspect&seq=abc&card=rtx-4099&nonsense=1",
};

/** Opens everything that can be opened, in the question and in the answer. */
async function unfold(page) {
  const row = page.locator("#ranking button.opens").first();
  if ((await row.count()) && (await row.getAttribute("aria-expanded")) === "false") {
    await row.click();
    await page.locator("[data-step]").first().waitFor();
  }
  const fold = page.locator("button.fold");
  if ((await fold.isVisible()) && (await fold.getAttribute("aria-expanded")) === "false") await fold.click();
  await page.evaluate(() => document.querySelectorAll("details:not(.steps details)").forEach((one) => (one.open = true)));
  await page.evaluate(() => document.querySelectorAll(".steps details:first-child").forEach((one) => (one.open = true)));
}

for (const [name, query] of Object.entries(VIEWS)) {
  for (const lang of LANGS) {
    test(`accessible: ${name}, ${lang}, light and dark, folded and opened`, async () => {
      const visitor = await whichcard.open(`?${query}&lang=${lang}&theme=light`);
      const { page } = visitor;
      assert.deepEqual(await violations(page), [], "light, folded");
      await unfold(page);
      for (const theme of ["light", "dark"]) {
        if (await page.locator("[data-theme-choice]").first().isVisible()) await page.locator(`[data-theme-choice="${theme}"]`).click();
        await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: "attached" });
        assert.deepEqual(await violations(page), [], `${theme}, opened`);
      }
      await visitor.close();
    });
  }
}

for (const [name, query] of Object.entries(VIEWS)) {
  for (const lang of LANGS) {
    test(`no sideways scrolling: ${name}, ${lang}`, async () => {
      const visitor = await whichcard.open(`?${query}&lang=${lang}`, { viewport: { width: 360, height: 740 } });
      const { page } = visitor;
      await unfold(page);
      // 320 pixels are also what is left of 640 at 200 % zoom.
      for (const width of [360, 320]) {
        await page.setViewportSize({ width, height: 740 });
        const wide = await page.evaluate(() => {
          const limit = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= limit) return [];
          return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > limit + 1).map((one) => one.className || one.tagName);
        });
        assert.deepEqual(wide.slice(0, 5), [], `${width} px`);
      }
      await visitor.close();
    });
  }
}

/** What can be pressed and is smaller than a finger, 44 pixels; links inside of text and dots of charts (which have their table) aside. */
const SMALL = () => {
  const inText = (one) => one.matches("a") && getComputedStyle(one).display === "inline";
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
  const pressed = all.filter((one) => one.checkVisibility() && one.offsetParent !== null && !one.disabled && !one.matches(".skip") && !inText(one));
  const reaches = (one) => {
    one.scrollIntoView({ block: "center", inline: "center" });
    const box = one.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const hit = (dx, dy) => {
      const there = document.elementFromPoint(x + dx, y + dy);
      // The label of a field presses it as well.
      return there && (one === there || one.contains(there) || there.closest("label")?.control === one);
    };
    const far = (dx, dy) => [...Array(44).keys()].find((step) => !hit(dx * step, dy * step)) ?? 44;
    const [wide, high] = [far(-1, 0) + far(1, 0), far(0, -1) + far(0, 1)];
    // The signs that explain a word and put it back stand close by it, and by each other.
    const sign = one.matches(".term button, .reset");
    return high >= (sign ? 38 : 43) && wide >= (sign ? 34 : 43);
  };
  return pressed.filter((one) => !reaches(one)).map((one) => `${one.tagName}#${one.id}.${one.className} ${one.closest("[class]:not(button, a)")?.className}`);
};

for (const [name, query] of Object.entries(VIEWS)) {
  test(`fingers find what they press: ${name}`, async () => {
    for (const lang of LANGS) {
      const visitor = await whichcard.open(`?${query}&lang=${lang}`, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
      const { page } = visitor;
      await unfold(page);
      assert.deepEqual([...new Set(await page.evaluate(SMALL))], [], lang);
      await visitor.close();
    }
  });
}

test("with colours forced, what is chosen, what fits and the bars are still told apart", async () => {
  const visitor = await whichcard.open(`?${VIEWS.advise}&lang=en`, { forcedColors: "active" });
  const { page } = visitor;
  const look = (what) => page.locator(what).first().evaluate((one) => {
    const style = getComputedStyle(one);
    return `${style.backgroundColor} ${style.outlineStyle} ${style.borderStyle}`;
  });
  assert.notEqual(await look(".chip input:checked + span"), await look(".chip input:not(:checked) + span"));
  assert.match(await look(".badge"), /solid$/);
  const parts = await page.locator("#ranking > li").first().locator(".part").evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
  assert.ok(new Set(parts).size > 2, parts.join());
  await visitor.close();
});

test("nothing moves for those who asked for rest", async () => {
  const visitor = await whichcard.open(`?${VIEWS.advise}&lang=en`, { reducedMotion: "reduce" });
  const moving = await visitor.page.evaluate(() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    return style.transitionDuration !== "0s" || style.animationName !== "none" || style.scrollBehavior === "smooth";
  }).map((one) => one.className));
  assert.deepEqual(moving, []);
  await visitor.close();
});

test("no text is a key, has an unfilled place or a number that is none", async () => {
  for (const query of Object.values(VIEWS)) {
    for (const lang of LANGS) {
      const visitor = await whichcard.open(`?${query}&lang=${lang}`);
      const text = await visitor.page.evaluate(() => document.body.innerText + [...document.querySelectorAll("[aria-label], [title], [placeholder]")].map((one) => `${one.ariaLabel}\n${one.title}\n${one.placeholder}`).join("\n"));
      assert.doesNotMatch(text, /\b(app|warning|reason|explain|detect|error|shell)\.[a-z]/, `${query} ${lang}`);
      assert.doesNotMatch(text, /%\{|\bNaN\b|\binf\b|\bInfinity\b/, `${query} ${lang}`);
      await visitor.close();
    }
  }
});

test("the language switch changes everything and is remembered", async () => {
  const visitor = await whichcard.open("", { locale: "en-US" });
  const { page } = visitor;
  await page.locator('[data-lang="zh-CN"]').click();
  await page.locator('html[lang="zh-CN"]').waitFor({ state: "attached" });
  assert.match(await page.title(), /、/, "its name is put together as the language does");
  const latin = await page.locator("label, legend, h2, summary, nav a").evaluateAll((all) => all.map((one) => one.innerText).filter((text) => /^[a-z ]{12,}$/i.test(text)));
  assert.deepEqual(latin, []);
  await page.goto(whichcard.server.address);
  await answered(page);
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  visitor.assertQuiet();
  await visitor.close();
});

test("the theme is remembered and follows the system otherwise", async () => {
  const visitor = await whichcard.open("", { colorScheme: "dark" });
  const { page } = visitor;
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.locator('[data-theme-choice="light"]').click();
  await page.locator('html[data-theme="light"]').waitFor({ state: "attached" });
  const light = await background();
  assert.notEqual(light, dark);
  await page.reload();
  await answered(page);
  assert.equal(await background(), light);
  await visitor.close();
});

test("the keyboard alone picks a card", async () => {
  const visitor = await whichcard.open("?view=card&lang=en");
  const { page } = visitor;
  await page.locator("#card").focus();
  // Coming with the Tab key selects what is there.
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ArrowDown");
  await page.locator("#card-list").waitFor({ state: "visible" });
  await page.keyboard.type("RTX 3060 Ti");
  await page.keyboard.press("Enter");
  await page.locator('.answer[data-card="rtx-3060-ti"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});
