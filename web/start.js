// Starts the application, inside index.html. What a first visit can do without are modules that share the memory of the first: what draws
// question and answer is asked for together with it, what links lead to and the rest at the next sign of use, and anything at once by whatever
// needs it sooner (web/soon.txt, web/linked.txt and web/later.txt say what they hold).
(() => {
  // What each part lends to those after it.
  const lent = {};
  let later = [];
  const coming = [];
  const arrived = (part) => !later.length || lent.first.arrived.value >= part;
  const join = (part, module) => {
    if (!arrived(part)) lent[part] = new WebAssembly.Instance(module, lent).exports;
  };

  // Compiled while it comes, where the host says what it is.
  const fetched = async (part, options) => {
    const file = await delivered(...later[part - 1], options);
    return file.headers.get("content-type") === "application/wasm" ? WebAssembly.compileStreaming(file) : WebAssembly.compile(await file.arrayBuffer());
  };
  // A part takes something from each before it. The rest of the sentences comes with those after the first answer.
  const bring = async (part, code) => {
    const [module] = await Promise.all([code, part > 1 && prepare(part - 1), part > 1 && texts.rest()]);
    if (part > 1 && !arrived(part - 1)) throw lost;
    join(part, module);
  };
  // Why a part could not be had.
  let lost;
  const prepare = (part, code) => {
    // What needs it asks again, and says so if it still cannot be had.
    const miss = (error) => {
      lost = error;
      coming[part] = undefined;
    };
    if (!arrived(part)) coming[part] ??= bring(part, code ?? fetched(part)).catch(miss);
    return coming[part];
  };
  // Whether something is missing that may not be had: asked by what had better wait for all (web/early-input.js).
  globalThis.lacking = () => !arrived(later.length) && (Boolean(lost) || !navigator.onLine);
  // Awaited by the application before it answers something else than the opening page does.
  globalThis.answers = async () => {
    const root = document.documentElement;
    root.toggleAttribute("data-waits", !arrived(1));
    await prepare(1);
    root.removeAttribute("data-waits");
  };
  // The opening page does without the catalogue; the application says when it has it.
  const catalogue = new Promise((taken) => (globalThis.catalogueTaken = taken));
  // Awaited by what is done again after the start (web/early-input.js): all of it, or what an answer needs. Says why that is not here.
  globalThis.prepareLater = async (all) => {
    const last = all ? later.length : 1;
    await prepare(last);
    await catalogue;
    return arrived(last) ? null : lost;
  };

  // Called by the application where it cannot wait: a moment's standstill, and only if the first sign of use was this very step.
  globalThis.loadLater = (last) => {
    let name = "";
    try {
      if (last >= later.length) texts.restNow();
      for (const [place, [file]] of later.slice(0, last).entries()) {
        if (arrived(place + 1)) continue;
        name = file;
        const request = new XMLHttpRequest();
        request.open("GET", name, false);
        request.overrideMimeType("text/plain; charset=x-user-defined");
        request.send();
        if (request.status !== 200) throw new Error(String(request.status));
        join(place + 1, new WebAssembly.Module(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0))));
      }
    } catch (error) {
      // Whoever called is broken off in the middle; the link whose click this was must not lead away besides.
      const stay = (event) => event.preventDefault();
      addEventListener("click", stay);
      setTimeout(() => removeEventListener("click", stay));
      throw undelivered(new WebAssembly.RuntimeError(`${name} ${error.message}`));
    }
  };

  const start = async (files) => {
    later = files.later;
    texts.ask();
    // All that the first answer needs comes at the same time; the catalogue is asked for by the application, and finds it here.
    const [root, link] = [document.documentElement, new URLSearchParams(location.search)];
    const asks = root.hasAttribute("data-asked");
    const asked = { rel: "preload", href: "catalog.json", as: "fetch", crossOrigin: "anonymous", fetchPriority: asks ? "auto" : "low" };
    document.head.append(Object.assign(document.createElement("link"), asked));
    // A link that asks something else opens with more than the page of a first visit: which card is needed for that with what answers a first
    // change, an opened plan, a setup, a card and what articles show with one part more, all else with all parts.
    const view = link.get("view") ?? "advise";
    const isEmbedded = root.hasAttribute("data-embed");
    const linked = ["advise", "card", "inspect", ...(root.hasAttribute("data-compact") ? ["compare", "generations"] : [])];
    const needed = view === "advise" && !link.has("open") && !isEmbedded ? 1 : linked.includes(view) ? 2 : later.length;
    const awaited = asks ? needed : 0;
    const early = later.slice(0, awaited || 1).map((_, place) => fetched(place + 1, place < awaited ? {} : { priority: "low" }));
    for (const code of early) code.catch(() => {});
    const page = await files.script.catch((error) => Promise.reject(undelivered(error)));
    lent.first = await page.default({ module_or_path: files.module });
    await texts.begin(page);
    for (const [place, code] of early.entries()) {
      if (place < awaited) await bring(place + 1, code);
      else prepare(place + 1, code);
    }
    page.start();
    // Who reads an article may never use what stands in it.
    if (asks && !isEmbedded) prepare(later.length);
    for (const sign of ["pointermove", "pointerdown", "keydown", "focusin", "wheel"]) {
      addEventListener(sign, () => prepare(later.length), { once: true, passive: true, capture: true });
    }
  };
  whenUsed(() => start(toStart()));
})();
