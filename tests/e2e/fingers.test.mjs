// Fingers: what stands within text is pressed as surely as a button, and pressing it never presses its neighbour.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGS, site } from "./harness.mjs";

const whichcard = site();
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const VIEWS = {
  advise: "view=advise&model=llama-3-8b&job=qlora&cur=CNY&budget=12000",
  "advise, by cost of the job": "view=advise&model=llama-3-8b&job=qlora&for=cheapest-per-job",
  "advise, a plan open": "view=advise&model=llama-3-8b&job=qlora&open=rtx-4060-ti-16gb",
  "advise, from main memory": "view=advise&model=llama-3-70b&job=qlora&most=1&form=desktop",
  "advise, in numbers": "view=advise&model=llama-3-8b&job=inference",
  inspect: "view=inspect&model=qwen3-14b&job=qlora&card=rtx-4090",
  "inspect, does not fit": "view=inspect&model=gpt3-175b&job=inference&card=a40",
  "inspect, from main memory": "view=inspect&model=llama-3-70b&job=qlora&card=rtx-4090&n=2&offload=optimizer",
  scratch: "view=scratch&model=llama-2-7b&card=rtx-3090",
  compare: "view=compare&model=llama-3-8b&job=qlora&cards=rtx-3090,rtx-4090",
};

/**
 * What is wrong with numbers that lead to their working, with a link that is alone in its paragraph, and with the words on how sure an
 * estimate is: each is 44 pixels wide and high with what it reaches beyond its line, and has that to itself, whatever else can be pressed
 * nearby. WCAG 2.2 would let all of them be smaller, as they stand in sentences (2.5.5 and 2.5.8, "inline"). Only where it is needed is that made
 * use of: several links in one paragraph, such as the sources of a figure, are as high as their lines and are not looked at here.
 * What lies over a whole row to open it (.opens) has the others above it, and is pressed anywhere else in the row.
 */
const WRONG = () => {
  const FINGER = 44;
  const reach = (one) => {
    const after = getComputedStyle(one, "::after");
    const reaches = after.position === "absolute" && after.content !== "none" && getComputedStyle(one).position !== "static";
    const beyond = (side) => (reaches ? Math.min(0, parseFloat(after[side])) : 0);
    // What goes on in another line is no box around both.
    const boxes = reaches ? [one.getBoundingClientRect()] : [...one.getClientRects()];
    return boxes.map((box) => ({
      one,
      left: box.left + beyond("left"),
      right: box.right - beyond("right"),
      top: box.top + scrollY + beyond("top"),
      bottom: box.bottom + scrollY - beyond("bottom"),
    }));
  };
  const shown = (one) => one.offsetParent !== null && !one.disabled && one.checkVisibility({ visibilityProperty: true });
  const pressed = [...document.querySelectorAll("a[href], button, summary, input, select, textarea")];
  const all = pressed.filter((one) => shown(one) && !one.matches(".opens, .skip")).flatMap(reach);
  const inText = all.filter(({ one }) => one.matches(".leads, p > a:only-of-type:not([class]), a.weak"));
  const name = (one) => `${one.className || one.tagName} "${one.innerText.slice(0, 24)}"`;
  const [high, wide] = [({ top, bottom }) => bottom - top, ({ left, right }) => right - left];
  const small = inText.filter((it) => high(it) < FINGER - 0.5 || wide(it) < FINGER - 0.5);
  const shared = (a, b) => [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
  const meet = (a, b) => shared(a, b).every((side) => side > 0.5);
  const apart = (a, b) => !a.one.contains(b.one) && !b.one.contains(a.one);
  return [
    ...small.map((it) => `${name(it.one)} is ${wide(it)} × ${high(it)}`),
    ...inText.flatMap((a) => all.filter((b) => apart(a, b) && meet(a, b)).map((b) => `${name(a.one)} covers ${shared(a, b)} of ${name(b.one)}`)),
    ...(inText.length ? [] : ["there is nothing of the kind"]),
  ];
};

/** Numbers that are not hit by a finger's whole width and height around their middle. */
const MISSED = () =>
  [...document.querySelectorAll(".leads")].filter((one) => one.getClientRects().length > 0).flatMap((one) => {
    one.scrollIntoView({ block: "center", inline: "center" });
    const [box] = one.getClientRects();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const far = (dx, dy) => [...Array(44).keys()].find((step) => !one.contains(document.elementFromPoint(x + dx * step, y + dy * step))) ?? 44;
    const [wide, high] = [far(-1, 0) + far(1, 0), far(0, -1) + far(0, 1)];
    return wide >= 43 && high >= 43 ? [] : [`${one.innerText}: ${wide} × ${high}`];
  });

for (const [view, query] of Object.entries(VIEWS)) {
  test(`what stands within text has a finger's room to itself: ${view}`, async () => {
    for (const lang of LANGS) {
      const visitor = await whichcard.open(`?${query}&lang=${lang}`, PHONE);
      const { page } = visitor;
      assert.ok(await page.evaluate(() => matchMedia("(pointer: coarse)").matches));
      assert.deepEqual(await page.evaluate(WRONG), [], lang);
      assert.deepEqual(await page.evaluate(MISSED), [], lang);
      await visitor.close();
    }
  });
}

test("a sentence of more numbers than two keeps them apart, too", async () => {
  const visitor = await whichcard.open(`?${VIEWS.advise}&lang=en`, PHONE);
  const { page } = visitor;
  await page.evaluate(() => {
    const number = document.querySelector(".headline p > .leads");
    for (let more = 0; more < 5; more += 1) number.after(" and ", number.cloneNode(true));
  });
  assert.deepEqual(await page.evaluate(WRONG), []);
  await visitor.close();
});

test("a number in a table stands beside its name", async () => {
  const visitor = await whichcard.open(`?${VIEWS.compare}&lang=en`, PHONE);
  const row = visitor.page.locator('#comparison tr[data-figure="app.share.memory"]');
  const [name, number] = await row.evaluate((row) => [".termed", ".leads"].map((what) => row.querySelector(what).getBoundingClientRect().top));
  assert.ok(Math.abs(name - number) < 4, `${name} and ${number}`);
  await visitor.close();
});
