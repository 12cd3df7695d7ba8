// Runs before the first paint, inside index.html: language and theme without a flash, and a visible end to every
// failed start. The application reads and writes the same two preferences.
(() => {
  const page = document.documentElement;
  // What was typed in the moment before a reload has not reached the address yet (src/app/tab.rs). A link that is followed, even to
  // the same address, means what it says.
  try {
    const [from, typed] = (sessionStorage.getItem("typed") || "").split("\n");
    if (typed && from === location.search && performance.getEntriesByType("navigation")[0]?.type !== "navigate") history.replaceState(history.state, "", `?${typed}`);
    sessionStorage.removeItem("typed");
  } catch {
    // A browser that keeps nothing has lost it.
  }
  const link = new URLSearchParams(location.search);
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  // By the tags a browser may send; filled in when the site is built. The very language, or else the first of its family.
  const languages = new Map(__LANGUAGES__);
  const spoken = (tag) => {
    const asked = (tag || "").toLowerCase();
    return languages.get(asked) ?? languages.get(asked.split(/[-_]/)[0]);
  };
  page.lang = [link.get("lang"), kept("lang"), ...navigator.languages].map(spoken).find(Boolean) || "en";
  const themes = ["system", "light", "dark"];
  page.dataset.theme = [link.get("theme"), kept("theme")].find((theme) => themes.includes(theme)) || "system";
  page.toggleAttribute("data-embed", link.get("embed") === "1");
  page.toggleAttribute("data-compact", page.hasAttribute("data-embed") && link.get("compact") !== "0");
  // The page holds the answer to the question it opens with; a link may ask another one or need a word about its version, and an
  // article has a form of its own.
  const expected = { v: "1", view: "advise" };
  // What other sites add to a link asks nothing (src/share.rs has the same list).
  const tracks =
    /^(utm_.*|fbclid|gclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igshid|igsh|mc_cid|mc_eid|isappinstalled|share_token|spm|ref_src|ref_url)$/;
  const asks = ([key, value]) =>
    !["lang", "theme"].includes(key) && !tracks.test(key) && !/^from=(timeline|(single|group)message)$/.test(`${key}=${value}`) && value !== expected[key];
  page.toggleAttribute("data-asked", [...link].some(asks));

  const element = (id) => document.getElementById(id);
  const whenRead = (call) => (document.readyState === "loading" ? addEventListener("DOMContentLoaded", call) : call());
  // What is installed has a name in the visitor's language.
  whenRead(() => {
    if (page.lang !== "en") document.querySelector("link[rel=manifest]").href = `manifest.${page.lang}.webmanifest`;
  });

  // Paper says where it comes from.
  addEventListener("beforeprint", () => {
    const here = element("here") || document.body.appendChild(document.createElement("p"));
    here.id = "here";
    here.textContent = location.href;
  });

  // A file of the page. What fails here is the network's doing or the host's, and told as such.
  globalThis.undelivered = (error) => Object.assign(error, { undelivered: true });
  globalThis.delivered = async (name, integrity, options) => {
    try {
      const response = await fetch(name, { integrity, ...options });
      if (!response.ok) throw new Error(String(response.status));
      return response;
    } catch (error) {
      throw undelivered(new Error(`${name}: ${error.message}`));
    }
  };

  // What the service worker says; nothing where it does not speak.
  globalThis.askWorker = (worker, question) =>
    new Promise((heard) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => heard(data);
      setTimeout(heard, 2000);
      worker.postMessage(question, [port2]);
    });
  // Whether there is a whole version from before, which then opens next.
  const fallsBack = async () => {
    const worker = navigator.serviceWorker?.controller;
    return Boolean(worker && (await askWorker(worker, "fall back")));
  };

  // The card for a start that failed, for a crash later on, and for what cannot be had: the application can go on only after the last.
  let started = false;
  let broken = false;
  const fail = (error) =>
    whenRead(() => {
      const report = element("crash-report");
      broken ||= !started || error instanceof WebAssembly.RuntimeError;
      // A trap says little but where it was.
      const said = error instanceof WebAssembly.RuntimeError && error.stack ? error.stack : error && error.message;
      const isFile = location.protocol === "file:";
      if (!report.textContent) element("crash").classList.toggle("undelivered", Boolean(error?.undelivered) && !isFile);
      report.textContent ||= String(said || error);
      element("crash-file").hidden = !isFile;
      element("crash").hidden = false;
      element("slow").hidden = true;
      page.removeAttribute("data-waits");
      // The application, which tells an article how tall it is, may never come.
      if (page.hasAttribute("data-embed") && parent !== window) parent.postMessage(page.offsetHeight, "*");
    });
  const mended = () => {
    element("crash").hidden = true;
    element("crash-report").textContent = "";
  };

  // Right after a deployment a cached page can ask for files that are gone, and a new page for files that are not there yet: load the
  // page once more, from what is kept or if the host has it, then say so.
  const TRIED = "whichcard:tried-again";
  const triedAgain = () => {
    try {
      return sessionStorage.getItem(TRIED);
    } catch {
      return null;
    }
  };
  const there = async () => (await fetch(location.pathname, { method: "HEAD", cache: "no-store" })).ok;
  const again = async () => {
    if (!(await fallsBack().catch(() => false)) && !(await there())) return false;
    location.reload();
    return true;
  };
  const onceAgain = async () => {
    if (started || sessionStorage.getItem(TRIED)) return false;
    sessionStorage.setItem(TRIED, "1");
    return again();
  };
  addEventListener("whichcard:failed", (event) =>
    // Without storage a reload could repeat for ever; without a network it would lose what is here.
    onceAgain().catch(() => false).then((reloads) => reloads || fail(event.detail)),
  );
  addEventListener("whichcard:delivered", () => broken || mended());
  // What waits for a part is done when that can be had after all (web/early-input.js). Otherwise the page is loaded anew, but nothing that is
  // shown is given up for a host that cannot be reached.
  const tryAgain = async () => {
    const said = element("crash-report").textContent;
    mended();
    if (broken || dispatchEvent(new Event("whichcard:again", { cancelable: true }))) {
      await again().catch(() => false) || fail(undelivered(new Error(said)));
    }
  };

  // The application is brought at the first sign of use, which needs no trust in who gives it; at once where the page does not
  // hold the answer, where a card is kept, and after a failed start.
  const SIGNS = ["pointermove", "pointerdown", "touchstart", "wheel", "scroll", "keydown", "focusin", "input", "change", "click"];
  // A slow network is no failure: nothing is broken off, and the visitor is told that it goes on.
  const PATIENCE = 15_000;
  globalThis.whenUsed = (bring) => {
    const begin = () => {
      for (const sign of SIGNS) removeEventListener(sign, begin, true);
      setTimeout(() => whenRead(() => started || broken || (element("slow").hidden = false)), PATIENCE);
      bring().catch((error) => dispatchEvent(new CustomEvent("whichcard:failed", { detail: error })));
    };
    if (page.hasAttribute("data-asked") || kept("card") || triedAgain()) return begin();
    for (const sign of SIGNS) addEventListener(sign, begin, { capture: true, passive: true });
  };
  addEventListener("whichcard:started", () => {
    started = true;
    broken = false;
    element("slow").hidden = true;
    // It did start in the end, and may be tried again after the next deployment.
    mended();
    if (triedAgain()) sessionStorage.removeItem(TRIED);
  });

  // A panic in Rust ends here; errors of extensions and the like are not ours to report.
  const trapped = (error) => error instanceof WebAssembly.RuntimeError && fail(error);
  addEventListener("error", (event) => trapped(event.error));
  addEventListener("unhandledrejection", (event) => trapped(event.reason));

  // Browsers give the clipboard to secure pages only; elsewhere the report is selected, and the old command may still copy it.
  const copy = async () => {
    const report = element("crash-report");
    const text = `${report.textContent}\n${location.href}\n${navigator.userAgent}`;
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      report.textContent = text;
      getSelection().selectAllChildren(report);
      copied = document.execCommand("copy");
    }
    element("crash-copied").hidden = !copied;
    element("crash-selected").hidden = copied;
  };
  addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    const does = {
      "crash-reload": () => location.reload(),
      "crash-again": tryAgain,
      "crash-later": mended,
      "slow-reload": () => location.reload(),
      "crash-reset": () => location.assign(location.pathname),
      "crash-copy": copy,
    }[button && button.id];
    if (does) does();
  });
})();
