// One browser and one server per test file; one fresh browser profile per test.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

export const DIST = process.env.WHICHCARD_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));
export const ARTIFACTS = fileURLToPath(new URL("./artifacts/", import.meta.url));
mkdirSync(ARTIFACTS, { recursive: true });

const tags = (folder, ending) => {
  const all = readdirSync(fileURLToPath(new URL(`../../${folder}`, import.meta.url))).filter((file) => file.endsWith(ending));
  return ["en", ...all.map((file) => file.slice(0, -ending.length)).filter((tag) => tag !== "en").sort()];
};
/** The languages of the page, the first before the others as everywhere. Tests that compare words name the languages of the words. */
export const LANGS = tags("locales", ".yml");
/** Those of the guide. */
export const GUIDES = tags("docs/article", ".md");

const CHROME = process.env.CHROME_PATH ?? "/usr/bin/chromium";
// The sandbox needs rights that containers lack; the rest keeps the browser from calling home.
const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The built site, served and opened: `site.open(query)` in a test answers a page that has started. */
export function site({ switches = [], ...options } = {}) {
  const state = {};
  before(async () => {
    state.server = await serve(DIST, options);
    state.browser = await launch(switches);
  });
  after(async () => {
    await state.browser?.close();
    await state.server?.close();
  });
  state.visit = (context) => visit(state.browser, state.server.origin, context);
  state.open = async (query = "", context = {}) => {
    const visitor = await state.visit(context);
    await visitor.go(state.server.address + query);
    await answered(visitor.page);
    return visitor;
  };
  return state;
}

export function launch(switches = []) {
  return chromium.launch({ executablePath: CHROME, args: [...SWITCHES, ...switches] });
}

/** A visitor with an empty profile, whose troubles are noted. */
async function visit(browser, origin, { init, ...options } = {}) {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 900 }, ...options });
  if (init) await context.addInitScript(init);
  // Everything lies on this machine, but the machine may be slow and busy: what takes longer than this does not come.
  context.setDefaultTimeout(45_000);
  const page = await context.newPage();
  const troubles = [];
  const foreign = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) troubles.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) foreign.push(request.url());
  });
  return {
    context,
    page,
    troubles,
    foreign,
    go: async (address) => {
      await page.goto(address);
      await started(page);
    },
    /** Nothing in the console, no request to anyone else. */
    assertQuiet() {
      assert.deepEqual(troubles, []);
      assert.deepEqual(foreign, []);
    },
    close: () => context.close(),
  };
}

/** What a visitor's hand does first: it brings the application. */
export function signOfUse(page) {
  return page.evaluate(() => dispatchEvent(new PointerEvent("pointermove")));
}

/** Uses the page, and waits until the application has taken the place of the opening page. */
export async function started(page) {
  if (await page.locator("#app > .first-paint").count()) await signOfUse(page);
  await page.waitForSelector("#app > .first-paint", { state: "detached" });
}

/** Waits until the catalogue is read and there is an answer to what is asked. */
export async function opened(page) {
  await started(page);
  await page.locator('.page[data-ready="true"] #verdict').waitFor();
}

/** The same, and until the application has drawn the question. */
export async function answered(page) {
  await opened(page);
  await page.locator("#question[data-built]").waitFor({ state: "detached" });
}

/** What is read once it holds, or at the end of a long wait: for what settles without telling. */
export async function settled(read, holds) {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (holds(value) || Date.now() > end) return value;
    await setTimeout(50);
  }
}

/** "fits", "tight" or "no". */
export function verdict(page) {
  return page.locator("#verdict").getAttribute("data-verdict");
}

/** Everything axe has against a page or a frame; handed over as text it passes their own content security policy. */
export async function violations(page) {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
}

/** Searches a list for a text and picks the entry of a value. */
export async function pick(page, field, text, value) {
  await page.locator(`#${field}`).click();
  await page.locator(`#${field}`).fill(text);
  await page.locator(`#${field}-list [data-value="${value}"]`).click();
}

/** Waits until the service worker has everything it needs. */
export async function readyForOffline(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((taken) => navigator.serviceWorker.addEventListener("controllerchange", taken, { once: true }));
    }
  });
}
