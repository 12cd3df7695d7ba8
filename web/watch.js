// Watches over the start, inside index.html after all that is to be read: brings the application at the first sign of use, and gives
// every failed start a visible end.
(() => {
  const page = document.documentElement;
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const element = (id) => document.getElementById(id);
  const whenRead = (call) => (document.readyState === "loading" ? addEventListener("DOMContentLoaded", call) : call());
  // What is installed has a name in the visitor's language.
  whenRead(() => {
    if (page.lang !== "en") document.querySelector("link[rel=manifest]").href = `manifest.${page.lang}.webmanifest`;
  });

  // Paper says where it comes from, and when it was printed.
  addEventListener("beforeprint", () => {
    const here = element("here") || document.body.appendChild(document.createElement("p"));
    here.id = "here";
    here.textContent = `${location.href} · ${new Date().toLocaleDateString(page.lang, { dateStyle: "long" })}`;
  });

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
      // A trap says little but where it was; of what could not be had the name is enough.
      const said = !error?.undelivered && error instanceof WebAssembly.RuntimeError && error.stack ? error.stack : error && error.message;
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
    if (page.hasAttribute("data-asked") || kept("card") || triedAgain() || heard.length) return begin();
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
