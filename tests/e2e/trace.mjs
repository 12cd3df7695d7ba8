// Which functions of the application the opening page calls, which a first change of its question, and which what links lead to besides.
// `cargo xtask trace` runs this on the built site with a module that is not divided and notes its calls, and reads what is printed: their numbers.
import { readFile } from "node:fs/promises";
import { DIST, launch, opened, pick, signOfUse } from "./harness.mjs";
import { serve } from "./server.mjs";

const [script, module] = await Promise.all([process.env.NOTED_SCRIPT, process.env.NOTED_MODULE].map((file) => readFile(file)));

// Checksums are those of other files, and nothing comes later.
const start = (html) => String(html).replace(/"sha384-[^"]*"/g, '""').replace(/later: \[[^\n]*?\] \}\)/, 'later: [] })');
const change = (name, content) =>
  name === "index.html" ? start(content) : /^whichcard-.*\.js$/.test(name) ? script : /^whichcard-.*\.wasm$/.test(name) ? module : undefined;

/** Keeps what the module lends. */
const watch = () => {
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await instantiateStreaming.apply(WebAssembly, given);
    globalThis.lent = made.instance.exports;
    return made;
  };
};

/** Lets nothing that comes later be here until it is told to. */
const hold = () => {
  const may = new Promise((release) => (globalThis.release = () => release()));
  globalThis.answers = () => may;
  globalThis.prepareLater = () => may;
};

const called = (page) =>
  page.evaluate(() => Object.entries(globalThis.lent).flatMap(([name, { value }]) => (value === 1 && /^called\d/.test(name) ? [Number(name.slice(6))] : [])));

// What is done first, each on a page of its own: what one leaves behind is not in the way of the next.
const ACTS = [
  (page) => page.locator("#seq").fill("8k"),
  (page) => page.locator("#seq").fill("?"),
  (page) => page.locator("#samples").fill("777"),
  (page) => page.locator("#epochs").press("ArrowUp"),
  (page) => page.locator("#budget").fill("2000"),
  (page) => page.locator("#country").selectOption("CN"),
  (page) => page.locator("#goal .chip").last().click(),
  (page) => pick(page, "model", "Qwen2.5 7B", "qwen2.5-7b"),
  (page) => page.locator("#verdict h1").hover(),
  ...["lora", "full-finetune", "inference"].map((job) => (page) => page.locator(`#job [data-value=${job}]`).click()),
];
const WAYS = [
  { query: "" },
  { query: "", locale: "zh-CN", viewport: { width: 360, height: 740 }, hasTouch: true },
  { query: "?lang=zh-CN&theme=dark" },
];

// Links that ask which card is needed for something else.
const ASKED = [
  ["view=advise&model=qwen2.5-7b&job=lora&seq=8k", ["seq"]],
  ["job=full-finetune&most=8", ["seq"]],
  ["model=llama-3-70b&job=inference&budget=9000", []],
];
// What people send each other and what articles show, with what is changed first there.
const LINKS = [
  ["view=inspect&model=llama-3-8b&card=rtx-4090&job=qlora&seq=2048", ["seq", "card", "job"]],
  ["view=inspect&model=llama-3-8b&card=rtx-4090&job=full-finetune&n=2", ["seq"]],
  ["view=inspect&model=llama-3-8b&card=rtx-4090&job=inference", ["card", "job"]],
  ["view=inspect&task=image-recognition&model=resnet-50&job=full-finetune&card=rtx-4060", []],
  ["view=inspect&model=gpt3-175b&job=inference&card=a40", []],
  ["view=card&card=gtx-1080-ti", ["card"]],
  ["view=advise&model=llama-3-8b&job=qlora&open=rtx-3090", ["seq"]],
  ["view=advise&model=llama-3-8b&job=inference&open=rtx-4090", []],
  ["embed=1&view=advise&model=llama-3-8b&job=qlora", ["menu"]],
  ["embed=1&view=advise&model=gpt3-175b&job=full-finetune&budget=500&cur=USD", []],
  ["embed=1&view=inspect&model=llama-3-8b&job=lora&card=rtx-4090", ["menu", "card"]],
  ["embed=1&view=inspect&model=gpt3-175b&job=inference&card=a40", []],
  ["embed=1&view=card&card=rtx-3060-12gb", ["card"]],
  ["embed=1&view=compare&cards=gtx-1080-ti,rtx-3090,rtx-4090&model=llama-3-8b&job=qlora", ["menu"]],
  ["embed=1&view=generations&figure=bandwidth", []],
];
const FIRST = {
  seq: (page) => page.locator("#seq").fill("8k"),
  card: (page) => pick(page, "card", "4060", "rtx-4060"),
  job: (page) => page.locator("#job [data-value=lora]").click(),
  menu: (page) => page.locator("#job").selectOption("full-finetune"),
};

const server = await serve(DIST, { change });
const browser = await launch();
const opening = new Set();
const changed = new Set();
const note = async (page, found) => {
  for (const number of await called(page)) found.add(number);
};
const visit = async (way) => {
  const context = await browser.newContext({ locale: "en-US", serviceWorkers: "block", bypassCSP: true, viewport: { width: 1280, height: 900 }, ...way });
  await context.addInitScript(watch);
  context.setDefaultTimeout(20_000);
  return { context, page: await context.newPage() };
};
for (const { query, ...way } of WAYS) {
  for (const act of ACTS) {
    const { context, page } = await visit(way);
    await page.goto(server.address + query);
    await page.evaluate(hold);
    await signOfUse(page);
    await opened(page);
    await page.locator("#app > .page[data-catalogue]").waitFor();
    // What is heard everywhere is heard before the rest is here, too.
    await page.locator("[data-theme-choice=light]").click();
    for (const key of ["Tab", "a", "Escape", "Control+z"]) await page.keyboard.press(key);
    await page.locator("#ranking .opens").first().press("a");
    await page.waitForTimeout(300);
    await note(page, opening);
    await page.evaluate(() => globalThis.release());
    await page.locator("#question[data-built]").waitFor({ state: "detached" });
    // On a narrow page the question is folded.
    const fold = page.locator("#question .fold");
    if (await fold.isVisible()) await fold.click();
    await act(page);
    // The address follows when typing has settled.
    await page.waitForTimeout(500);
    await note(page, changed);
    await context.close();
  }
}
const linked = new Set();
const led = [...ASKED.map((link) => [...link, changed]), ...LINKS.map((link) => [...link, linked])];
for (const { query, ...way } of WAYS) {
  for (const [link, acts, found] of led) {
    const { context, page } = await visit(way);
    await page.goto(`${server.address}?${link}${query.replace("?", "&")}`);
    await page.locator('.page[data-ready="true"] #verdict').waitFor();
    const fold = page.locator("#question .fold");
    if (await fold.isVisible()) await fold.click();
    for (const act of acts) {
      await FIRST[act](page);
      await page.waitForTimeout(500);
    }
    await note(page, found);
    await context.close();
  }
}
await browser.close();
await server.close();
console.log(JSON.stringify({ opening: [...opening], changed: [...changed], linked: [...linked] }));
