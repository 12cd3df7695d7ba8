// "Detect my card" with the answers browsers really give, put in the place of this browser's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { site } from "./harness.mjs";

const whichcard = site();

/** Runs in the page before anything else: what WebGL and WebGPU say. */
function pretend({ renderer, vendor, adapter }) {
  const UNMASKED_VENDOR = 0x9245;
  const UNMASKED_RENDERER = 0x9246;
  HTMLCanvasElement.prototype.getContext = function (kind) {
    if (!renderer || !kind.startsWith("webgl")) return null;
    const context = Object.create(WebGLRenderingContext.prototype);
    context.getExtension = (name) => ({ name, loseContext() {} });
    context.getParameter = (name) => ({ [UNMASKED_RENDERER]: renderer, [UNMASKED_VENDOR]: vendor, 0x1f01: "WebKit WebGL" })[name] ?? null;
    return context;
  };
  const gpu = adapter && {
    requestAdapter: async () => {
      if (adapter === "silent") return new Promise(() => {});
      if (adapter === "broken") throw new Error("no driver");
      return { info: adapter };
    },
  };
  Object.defineProperty(navigator, "gpu", { value: gpu || undefined, configurable: true });
}

async function detect(signals) {
  const visitor = await whichcard.visit();
  await visitor.context.addInitScript(pretend, signals);
  await visitor.go(`${whichcard.server.address}?view=card&lang=en`);
  const { page } = visitor;
  await page.locator("#verdict").waitFor();
  const before = page.url();
  assert.ok(await page.locator("#detected").isHidden(), "nothing is asked before the click");
  await page.locator("#detect").click();
  await page.locator("#detected").waitFor();
  const candidates = await page.locator("[data-candidate]").evaluateAll((all) => all.map((button) => button.dataset.candidate));
  return { visitor, page, before, candidates, text: await page.locator("#detected").innerText() };
}

test("a device number names one card, and the visitor confirms it", async () => {
  const seen = await detect({
    vendor: "Google Inc. (NVIDIA)",
    renderer: "ANGLE (NVIDIA, NVIDIA GeForce RTX 3090 (0x00002204) Direct3D11 vs_5_0 ps_5_0, D3D11)",
    adapter: { vendor: "nvidia", architecture: "ampere", device: "", description: "" },
  });
  assert.deepEqual(seen.candidates, ["rtx-3090"]);
  assert.match(seen.text, /RTX 3090/);
  assert.equal(seen.page.url(), seen.before, "nothing is taken before it is confirmed");
  await seen.page.locator('[data-candidate="rtx-3090"]').click();
  await seen.page.locator('.answer[data-card="rtx-3090"]').waitFor();
  seen.visitor.assertQuiet();
  await seen.visitor.close();
});

test("a generation alone names no single card", async () => {
  const seen = await detect({ adapter: { vendor: "nvidia", architecture: "lovelace", device: "", description: "" } });
  assert.notEqual(seen.candidates.length, 1);
  seen.visitor.assertQuiet();
  await seen.visitor.close();
});

for (const [name, signals] of [
  ["Firefox's approximation", { vendor: "NVIDIA Corporation", renderer: "NVIDIA GeForce GTX 980, or similar" }],
  ["Safari", { vendor: "Apple Inc.", renderer: "Apple GPU" }],
  ["software", { vendor: "Google Inc. (Google)", renderer: "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)" }],
  ["integrated graphics", { vendor: "Google Inc. (Intel)", renderer: "ANGLE (Intel, Intel(R) UHD Graphics 620 (0x00005917) Direct3D11 vs_5_0 ps_5_0, D3D11)" }],
  ["a driver that throws", { adapter: "broken" }],
  ["nothing at all", {}],
]) {
  test(`no NVIDIA card is claimed from ${name}`, async () => {
    const seen = await detect(signals);
    assert.ok(seen.candidates.length !== 1, seen.candidates.join());
    assert.doesNotMatch(seen.text, /Looks like|Probably/);
    assert.ok(await seen.page.locator("#crash").isHidden());
    await seen.visitor.close();
  });
}

test("a driver that never answers is given up on", async () => {
  const seen = await detect({ adapter: "silent" });
  assert.match(seen.text, /did not answer/);
  await seen.visitor.close();
});

test("a card is remembered only when asked for, and forgotten again", async () => {
  const visitor = await whichcard.open("?view=card&lang=en&card=rtx-3090");
  const { page } = visitor;
  const stored = () => page.evaluate(() => localStorage.getItem("card"));
  assert.equal(await stored(), null, "nothing is kept unasked");
  await page.locator("#keep-card").click();
  await page.goto(`${whichcard.server.address}?view=card&lang=en`);
  await page.locator('.answer[data-card="rtx-3090"]').waitFor();
  await page.goto(`${whichcard.server.address}?view=card&lang=en&card=rtx-4090`);
  await page.locator('.answer[data-card="rtx-4090"]').waitFor();
  await page.locator("#forget-card").click();
  assert.equal(await stored(), null);
  visitor.assertQuiet();
  await visitor.close();
});

test("memory that other programs take is one click away", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en&card=rtx-3060");
  await visitor.page.locator('[data-taken="0.8"]').click();
  assert.equal(await visitor.page.locator("#reserved").inputValue(), "0.8");
  visitor.assertQuiet();
  await visitor.close();
});
