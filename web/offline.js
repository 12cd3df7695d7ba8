// Registers the service worker, inside index.html, and tells when a newer version of the page has been downloaded whole.
(() => {
  const version = document.querySelector("meta[name=whichcard-version]").content;
  // Inside another site's frame storage is apart, so a worker would serve that frame only. An unfinished build has no version.
  if (!("serviceWorker" in navigator) || window !== top || version.startsWith("__")) return;

  // The page itself comes from the network where there is one, so it may be newer than the worker that served the last visit.
  const notice = document.getElementById("update");
  const isOurs = async (worker) => (await askWorker(worker, "version")) === version;
  const announce = async (registration) => {
    const worker = registration.waiting;
    if (!worker || !navigator.serviceWorker.controller) return;
    notice.hidden = await isOurs(worker);
    // Nothing is left to load: what is kept becomes what is shown, or without a network the version before would come back.
    if (notice.hidden) worker.postMessage("take over alone");
  };
  const watch = (registration) => {
    announce(registration);
    let asked = false;
    let served = Boolean(navigator.serviceWorker.controller);
    // Another window may have asked for the newer version. This one's files went with the version before: it is loaded again while
    // nobody looks, or says so.
    navigator.serviceWorker.addEventListener("controllerchange", async () => {
      const first = !served;
      served = true;
      const { controller } = navigator.serviceWorker;
      const current = first || !controller || (await isOurs(controller));
      if (asked || (!current && document.hidden)) location.reload();
      notice.hidden = current;
    });
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker.addEventListener("statechange", () => worker.state === "installed" && announce(registration));
    });
    // What was typed is in the address, so the newer page opens with the same question.
    document.getElementById("update-load").addEventListener("click", () => {
      asked = true;
      if (registration.waiting) registration.waiting.postMessage("take over");
      else location.reload();
    });
  };
  document.getElementById("update-later").addEventListener("click", () => (notice.hidden = true));
  // Where it cannot be registered (no storage, no permission, a sandbox in which even asking throws) the page works without.
  const registered = async () => navigator.serviceWorker.register("sw.js");
  const register = () => registered().then(watch, () => {});
  // It brings the whole application: after the page, and when nothing else is going on; only to those who use it, where data is dear.
  const whenIdle = globalThis.requestIdleCallback || setTimeout;
  if (navigator.connection?.saveData) addEventListener("whichcard:started", register, { once: true });
  else addEventListener("load", () => whenIdle(register));
})();
