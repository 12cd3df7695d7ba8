// Starts the application, inside index.html. What a first visit can do without is a second module that shares the memory of the
// first: it is brought at the first sign of use, or at once by whatever needs it sooner (web/later.txt says what it holds).
(() => {
  let first;
  let later = ["", ""];
  let coming;
  const arrived = () => !later[0] || first.arrived.value;

  const fetched = async () => (await delivered(...later)).arrayBuffer();
  // The sentences it says come with it.
  const bring = async (bytes) => {
    const [code] = await Promise.all([bytes, texts.rest()]);
    return arrived() || WebAssembly.instantiate(code, { first });
  };
  const prepare = () => {
    // What needs it asks again, and says so if it still cannot be had.
    if (!arrived()) coming ??= bring(fetched()).catch(() => (coming = undefined));
    return coming;
  };
  // Awaited by what is done again after the start (web/early-input.js).
  globalThis.prepareLater = prepare;

  // Called by the application where it cannot wait: a moment's standstill, and only if the first sign of use was this very step.
  globalThis.loadLater = () => {
    let name = "";
    try {
      texts.restNow();
      if (arrived()) return;
      [name] = later;
      const request = new XMLHttpRequest();
      request.open("GET", name, false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      if (request.status !== 200) throw new Error(String(request.status));
      const bytes = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
      new WebAssembly.Instance(new WebAssembly.Module(bytes), { first });
    } catch (error) {
      throw undelivered(new WebAssembly.RuntimeError(`${name} ${error.message}`));
    }
  };

  globalThis.start = async (script, files) => {
    later = files.later;
    const [module, integrity] = files.first;
    texts.ask();
    // All that the first answer needs comes at the same time; the catalogue is asked for by the application, and finds it here.
    const whole = delivered(module, integrity);
    whole.catch(() => {});
    const catalogue = Object.assign(document.createElement("link"), { rel: "preload", href: "catalog.json", as: "fetch", crossOrigin: "anonymous" });
    document.head.append(catalogue);
    // A link that asks something opens with more than the question of a first visit.
    const needed = later[0] && document.documentElement.hasAttribute("data-asked") && fetched();
    if (needed) needed.catch(() => {});
    const page = await script.catch((error) => Promise.reject(undelivered(error)));
    first = await page.default({ module_or_path: whole });
    await texts.begin(page);
    if (needed) await bring(needed);
    page.start();
    for (const sign of ["pointermove", "pointerdown", "keydown", "focusin", "wheel"]) {
      addEventListener(sign, prepare, { once: true, passive: true, capture: true });
    }
  };
})();
