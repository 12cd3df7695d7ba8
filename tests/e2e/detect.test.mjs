// "Detect my card" with the answers browsers really give, put in the place of this browser's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { site } from "./harness.mjs";

const whichcard = site();

/** Runs in the page before anything else: what WebGL and WebGPU say. `adapter` may be one for each power preference. */
function pretend({ renderer, vendor, adapter, webgl }) {
  const UNMASKED_VENDOR = 0x9245;
  const UNMASKED_RENDERER = 0x9246;
  const strings = { [UNMASKED_RENDERER]: renderer, [UNMASKED_VENDOR]: vendor, 0x1f01: "WebKit WebGL" };
  window.signalsAsked = 0;
  HTMLCanvasElement.prototype.getContext = function (kind) {
    window.signalsAsked += 1;
    if (webgl === "throws") throw new Error("WebGL is switched off");
    if (renderer === undefined || !kind.startsWith("webgl")) return null;
    const context = Object.create(WebGLRenderingContext.prototype);
    context.getExtension = (name) => {
      if (webgl === "without extension" && name.includes("renderer_info")) return null;
      return { name, loseContext: () => (window.contextsReleased = (window.contextsReleased ?? 0) + 1) };
    };
    context.getParameter = (name) => {
      if (webgl === "silent parameters") throw new Error("no such parameter");
      return strings[name] ?? null;
    };
    return context;
  };
  const answers = {
    silent: () => new Promise(() => {}),
    throws: () => {
      throw new Error("no driver");
    },
    rejects: async () => Promise.reject(new Error("no driver")),
    null: async () => null,
    "without info": async () => ({}),
    "info that throws": async () => ({
      get info() {
        throw new Error("withheld");
      },
    }),
  };
  const gpu = adapter && {
    requestAdapter: (options) => {
      window.signalsAsked += 1;
      const answer = adapter.either?.[options?.powerPreference] ?? adapter;
      if (typeof answer === "string") return answers[answer]();
      if (answer.legacy) return Promise.resolve({ requestAdapterInfo: async () => answer.legacy });
      return Promise.resolve({ info: answer });
    },
  };
  Object.defineProperty(navigator, "gpu", { value: gpu || undefined, configurable: true });
}

async function detect(signals, { lang = "en", view = "card", ...options } = {}) {
  const visitor = await whichcard.visit(options);
  await visitor.context.addInitScript(pretend, signals);
  await visitor.go(`${whichcard.server.address}?view=${view}&lang=${lang}`);
  const { page } = visitor;
  await page.locator("#verdict").waitFor();
  const before = page.url();
  assert.ok(await page.locator("#detected").isHidden(), "no card is spoken of before the click");
  assert.equal(await page.evaluate(() => window.signalsAsked), 0, "nothing is asked before the click");
  await page.locator("#detect").click();
  await page.locator("#detected").waitFor();
  const candidates = await page.locator("[data-candidate]").evaluateAll((all) => all.map((button) => button.dataset.candidate));
  return { visitor, page, before, candidates, text: await page.locator("#detected").innerText() };
}

const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
const RTX_3060_LAPTOP = "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Laptop GPU (0x00002520) Direct3D11 vs_5_0 ps_5_0, D3D11)";
const RTX_3080 = "ANGLE (NVIDIA Corporation, NVIDIA GeForce RTX 3080/PCIe/SSE2, OpenGL 4.5.0)";

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

test("a generation alone names no card, and its cards are offered", async () => {
  for (const [lang, title] of [["en", /A card of the Ada generation/], ["zh-CN", /Ada 架构/]]) {
    const seen = await detect({ adapter: { vendor: "nvidia", architecture: "lovelace", device: "", description: "" } }, { lang });
    assert.match(seen.text, title);
    const shown = await seen.page.locator("[data-candidate]:visible").evaluateAll((all) => all.map((button) => button.dataset.candidate));
    assert.ok(shown.length > 4 && shown.every((id) => id.startsWith("rtx-40")), `${shown}`);
    await seen.page.locator("#more-candidates summary").click();
    assert.ok(await seen.page.locator('[data-candidate="rtx-6000-ada"]').isVisible(), "all of the generation are one click away");
    assert.equal(seen.page.url(), seen.before);
    await seen.page.locator('[data-candidate="rtx-4070"]').click();
    await seen.page.locator('.answer[data-card="rtx-4070"]').waitFor();
    seen.visitor.assertQuiet();
    await seen.visitor.close();
  }
});

test("a chip alone offers the cards that are built on it", async () => {
  const seen = await detect({ renderer: "NV137", vendor: "nouveau" });
  assert.ok(seen.candidates.includes("gtx-1050-ti") && !seen.candidates.includes("gtx-1080"), `${seen.candidates}`);
  seen.visitor.assertQuiet();
  await seen.visitor.close();
});

test("a card that the catalogue does not have is named, and may be described", async () => {
  for (const [lang, title] of [["en", /RTX A2000 Laptop GPU is not in the catalogue/], ["zh-CN", /型号库里没有 RTX A2000 Laptop GPU/]]) {
    const renderer = "ANGLE (NVIDIA, NVIDIA RTX A2000 Laptop GPU (0x000025B8) Direct3D11 vs_5_0 ps_5_0, D3D11)";
    const seen = await detect({ vendor: "Google Inc. (NVIDIA)", renderer }, { lang });
    assert.match(seen.text, title);
    assert.deepEqual(seen.candidates, []);
    await seen.page.locator("#describe-card").click();
    await seen.page.locator("#vram").fill("4");
    await seen.page.locator('.answer[data-card="custom"]').waitFor();
    seen.visitor.assertQuiet();
    await seen.visitor.close();
  }
});

test("what WebGL and WebGPU say of two cards names neither", async () => {
  const renderer = "ANGLE (NVIDIA, NVIDIA GeForce RTX 3090 (0x00002204) Direct3D11 vs_5_0 ps_5_0, D3D11)";
  const seen = await detect({ vendor: "Google Inc. (NVIDIA)", renderer, adapter: { vendor: "nvidia", architecture: "lovelace" } });
  assert.match(seen.text, /contradicts itself/);
  assert.doesNotMatch(seen.text, /Looks like|Probably/);
  assert.deepEqual(seen.candidates, ["rtx-3090"], "it is offered still");
  await seen.visitor.close();
});

test("in the setup's form another card is looked for among cards", async () => {
  const seen = await detect({ vendor: "NVIDIA Corporation", renderer: RTX_3080 }, { view: "inspect" });
  await seen.page.locator("#another-card").click();
  await seen.page.waitForFunction(() => document.activeElement?.id === "card" && document.activeElement.ariaExpanded === "true");
  await seen.visitor.close();
});

test("another maker's hardware is named, and a name without end is cut short", async () => {
  const amd = await detect({ renderer: "ANGLE (AMD, AMD Radeon RX 7900 XTX Direct3D11 vs_5_0 ps_5_0, D3D11)", vendor: "Google Inc. (AMD)" });
  assert.match(amd.text, /draws on AMD graphics/);
  assert.doesNotMatch(amd.text, /names it/);
  await amd.visitor.close();
  const long = await detect({ renderer: `NVIDIA GeForce RTX 6090 ${"A".repeat(50_000)}`, vendor: "NVIDIA Corporation" });
  assert.ok(long.text.length < 2_000, `${long.text.length} characters`);
  await long.visitor.close();
});

test("a name that two cards share asks which, and the list is one click away", async () => {
  const seen = await detect({ vendor: "NVIDIA Corporation", renderer: RTX_3080 });
  assert.deepEqual(new Set(seen.candidates), new Set(["rtx-3080-10gb", "rtx-3080-12gb"]));
  assert.match(seen.text, /Your browser names it/);
  await seen.page.locator("#another-card").click();
  await seen.page.waitForFunction(() => document.activeElement?.id === "card" && document.activeElement.ariaExpanded === "true");
  await seen.page.keyboard.type("3070 ti");
  await seen.page.keyboard.press("Enter");
  await seen.page.locator('.answer[data-card="rtx-3070-ti"]').waitFor();
  seen.visitor.assertQuiet();
  await seen.visitor.close();
});

for (const [lang, title, question] of [
  ["en", /Looks like GeForce RTX 3060 Laptop/, "What can my card do?"],
  ["zh-CN", /RTX 3060 Laptop/, "我的卡能做什么？"],
]) {
  test(`before a setup is judged its card can be detected, and what it can do is a click on (${lang})`, async () => {
    const signals = { vendor: "Google Inc. (NVIDIA)", renderer: RTX_3060_LAPTOP, adapter: { vendor: "nvidia", architecture: "ampere" } };
    const seen = await detect(signals, { lang, view: "inspect", userAgent: WINDOWS });
    assert.match(seen.text, title);
    await seen.page.locator('[data-candidate="rtx-3060-laptop"]').click();
    assert.match(await seen.page.locator("#verdict").innerText(), /RTX 3060 Laptop/);
    assert.equal(await seen.page.locator("#reserved").inputValue(), "0.8", "the display's share on Windows");
    assert.ok(await seen.page.locator("#counted-as-taken").isVisible());
    await seen.page.locator("#detected").getByText(question).click();
    await seen.page.locator('.answer[data-card="rtx-3060-laptop"]').waitFor();
    assert.equal(await seen.page.locator("#reserved").inputValue(), "0.8");
    seen.visitor.assertQuiet();
    await seen.visitor.close();
  });
}

test("a machine with two GPUs is said to have two, and its display takes nothing of the card", async () => {
  const renderer = "ANGLE (Intel, Intel(R) Iris(R) Xe Graphics (0x0000A7A0) Direct3D11 vs_5_0 ps_5_0, D3D11)";
  const laptop = { vendor: "nvidia", architecture: "lovelace", device: "0x28a0", description: "NVIDIA GeForce RTX 4060 Laptop GPU" };
  const either = { "high-performance": laptop, "low-power": { vendor: "intel", architecture: "xe" } };
  const seen = await detect({ vendor: "Google Inc. (Intel)", renderer, adapter: { either } }, { userAgent: WINDOWS });
  assert.match(seen.text, /two GPUs/);
  await seen.page.locator('[data-candidate="rtx-4060-laptop"]').click();
  await seen.page.locator('.answer[data-card="rtx-4060-laptop"]').waitFor();
  assert.equal(await seen.page.locator("#reserved").inputValue(), "");
  seen.visitor.assertQuiet();
  await seen.visitor.close();
});

test("what the visitor said of the memory in use is not overwritten", async () => {
  const signals = { vendor: "Google Inc. (NVIDIA)", renderer: RTX_3060_LAPTOP };
  const seen = await detect(signals, { userAgent: WINDOWS });
  await seen.page.locator("#reserved").fill("2");
  await seen.page.locator('[data-candidate="rtx-3060-laptop"]').click();
  assert.equal(await seen.page.locator("#reserved").inputValue(), "2");
  await seen.visitor.close();
});

for (const [name, signals] of [
  ["Firefox's approximation", { vendor: "NVIDIA Corporation", renderer: "NVIDIA GeForce GTX 980, or similar" }],
  ["Safari", { vendor: "Apple Inc.", renderer: "Apple GPU" }],
  ["software", { vendor: "Google Inc. (Google)", renderer: "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)" }],
  ["integrated graphics", { vendor: "Google Inc. (Intel)", renderer: "ANGLE (Intel, Intel(R) UHD Graphics 620 (0x00005917) Direct3D11 vs_5_0 ps_5_0, D3D11)" }],
  ["a driver that throws", { adapter: "throws" }],
  ["a driver that rejects", { adapter: "rejects" }],
  ["no adapter", { adapter: "null" }],
  ["an adapter that says nothing", { adapter: "without info" }],
  ["an adapter that withholds", { adapter: "info that throws" }],
  ["WebGL that throws", { webgl: "throws" }],
  ["WebGL without the extension", { renderer: RTX_3060_LAPTOP, webgl: "without extension" }],
  ["WebGL without parameters", { renderer: RTX_3060_LAPTOP, webgl: "silent parameters" }],
  ["an empty name", { renderer: "", vendor: "" }],
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

for (const [name, signals] of [
  ["a browser before adapter.info", { adapter: { legacy: { vendor: "nvidia", architecture: "turing", device: "0x1f07", description: "NVIDIA GeForce RTX 2070" } } }],
  ["developer features", { adapter: { vendor: "nvidia", architecture: "turing", device: "0x1f07", description: "NVIDIA GeForce RTX 2070" } }],
]) {
  test(`${name} name the card without WebGL`, async () => {
    const seen = await detect(signals);
    assert.deepEqual(seen.candidates, ["rtx-2070"]);
    seen.visitor.assertQuiet();
    await seen.visitor.close();
  });
}

test("the WebGL context is given back", async () => {
  const seen = await detect({ vendor: "NVIDIA Corporation", renderer: RTX_3080 });
  assert.ok((await seen.page.evaluate(() => window.contextsReleased)) >= 1);
  await seen.visitor.close();
});

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
  await page.locator("#reserved").fill("1.5");
  await page.locator("#forget-card").click();
  await page.locator("#keep-card").click();
  await page.goto(`${whichcard.server.address}?view=card&lang=en`);
  await page.locator('.answer[data-card="rtx-3090"]').waitFor();
  assert.equal(await page.locator("#reserved").inputValue(), "1.5", "with the memory in use on it");
  await page.goto(`${whichcard.server.address}?view=card&lang=en&card=rtx-4090`);
  await page.locator('.answer[data-card="rtx-4090"]').waitFor();
  await page.locator("#forget-card").click();
  assert.equal(await stored(), null);
  assert.equal(await page.evaluate(() => localStorage.getItem("reserved")), null);
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
