// What a visitor does before the application is there is done again when it is, inside index.html: the opening page is drawn by
// the same components, so everything has its twin there. The same holds for what the application keeps as the build drew it
// (app/src/built.rs): what is used of that is done again when the application has drawn it.
(() => {
  const root = document.documentElement;
  const acts = [];
  const folded = new Set();
  let recording = true;
  // Whether it was said that something cannot be had.
  let missed = false;
  // While a finger or a mouse button is down, or a word is being composed, nothing is taken away from under it.
  let held = false;
  let composing = false;
  let released = () => {};

  const opening = () => document.getElementById("app");
  // What the application keeps as it was built.
  const [BUILT, QUESTION, ANSWER] = ["", "#question", "#results"].map((what) => `${what}[data-built]`);
  // The ways to other views need all of the application, and wait for it.
  let whole = false;
  const ours = () => (recording ? "#app > .first-paint" : whole ? BUILT : `${BUILT}, #app :is(nav, footer)`);
  const inside = (element) => element instanceof Element && element.closest(ours());
  const turn = () => new Promise((done) => setTimeout(done));

  // An element by what it is, in words that mean the same in both pages: the nearest id, and its place among its like.
  const like = (element) => {
    const kinds = [...element.attributes].filter(({ name }) => name === "name" || name.startsWith("data-"));
    const value = element.type === "radio" ? [{ name: "value", value: element.value }] : [];
    const says = [...kinds, ...value].map(({ name, value }) => `[${name}="${CSS.escape(value)}"]`);
    const first = element.classList[0];
    return element.localName + (first ? `.${CSS.escape(first)}` : "") + says.join("");
  };
  const place = (element) => {
    const near = element.closest("[id]");
    const within = near.id === "app" ? "*" : `#${CSS.escape(near.id)}`;
    const which = near === element ? "" : like(element);
    return { within, which, index: which ? [...near.querySelectorAll(which)].indexOf(element) : 0 };
  };
  const find = (page, { within, which, index }) => {
    const near = page.querySelector(within);
    return which ? near?.querySelectorAll(which)[index] : near;
  };

  const note = (kind, element, value) => {
    const at = place(element);
    const last = acts.at(-1);
    // The letters of a word are one act, and so is what is clicked twice while nothing answers.
    if (last?.kind === kind && (kind === "input" || missed) && JSON.stringify(last.at) === JSON.stringify(at)) last.value = value;
    else acts.push({ kind, at, value });
    root.toggleAttribute("data-waits", true);
    if (!recording) use();
  };

  const hears = [];
  const listen = (name, call) => {
    const hear = (event) => inside(event.target) && call(event.target, event);
    hears.push([name, hear]);
    addEventListener(name, hear, true);
  };
  const isText = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea");
  listen("input", (element) => isText(element) && note("input", element, element.value));
  listen("change", (element) => {
    if (element.matches("[type=radio], [type=checkbox]")) note("check", element, element.checked);
    else if (element.matches("select")) note("choose", element, element.value);
  });
  listen("click", (element, event) => {
    const summary = element.closest("summary");
    if (summary) {
      folded.add(summary.parentElement);
      if (!recording) use();
    }
    const meant = element.closest("button, a, [role=combobox]");
    // The application hears of it when it is done again, and not before.
    if (meant && click(meant, event) && !recording) event.stopPropagation();
  });
  // What stands outside of the question may need anything: while that cannot be had it waits, too, as the application would break off in
  // the middle.
  const waits = (element) => !recording && lacking() && element instanceof Element && element.closest("#app main") && !element.closest("#question");
  addEventListener(
    "click",
    (event) => {
      const meant = waits(event.target) && !inside(event.target) && event.target.closest("button, a");
      if (meant && click(meant, event)) event.stopPropagation();
    },
    true,
  );
  // Whether it is done again later.
  const click = (meant, event) => {
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
    // Other links lead out of the page, or to a tab of their own.
    if (meant.matches("a") && !(plain && meant.getAttribute("href").startsWith("?"))) return false;
    event.preventDefault();
    note("click", meant);
    // As the application does: a list to search is searched by what is typed now, and the form unfolds.
    if (meant.matches("[role=combobox]") && meant.value === meant.defaultValue) meant.select();
    if (meant.matches(".fold")) meant.setAttribute("aria-expanded", meant.parentElement.classList.toggle("open"));
    return true;
  };
  listen("keydown", (element, event) => {
    if (element.matches("input[type=text]") && /^(Enter|Escape|Arrow(Up|Down))$/.test(event.key)) note("key", element, event.key);
  });
  // Before the application hears of it.
  const finds = (event) => {
    const search = event.key === "/" && document.querySelector("#question-form [role=combobox]");
    if (!search || !inside(search) || event.target.matches?.("input, textarea, select")) return;
    event.preventDefault();
    event.stopPropagation();
    search.focus();
    search.click();
  };
  addEventListener("keydown", finds, true);
  // A chart tells what is pointed at, and what is pointed at may be clicked next.
  let near = () => {
    near = () => {};
    use(ANSWER);
  };
  for (const name of ["pointerover", "focusin"]) listen(name, (element) => recording || (element.closest(ANSWER) && near()));
  listen("focusout", (element) => element.matches("[role=combobox]") && note("leave", element));
  listen("submit", (element, event) => event.preventDefault());
  addEventListener("pointerdown", () => (held = true), true);
  const release = () => {
    held = false;
    // The click of a press follows its end.
    setTimeout(() => released());
  };
  for (const name of ["pointerup", "pointercancel", "dragend"]) addEventListener(name, release, true);
  // It may have ended outside of the window.
  addEventListener("pointermove", (event) => held && !event.buttons && release(), true);
  listen("compositionstart", () => (composing = true));
  listen("compositionend", () => {
    composing = false;
    setTimeout(() => released());
  });

  // What was done before this was read (web/early.js).
  listens();
  for (const event of heard) for (const [name, hear] of hears) if (name === event.type) hear(event);

  const again = {
    input: (element, value) => {
      element.value = value;
      element.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
    check: (element, value) => {
      element.checked = value;
      element.dispatchEvent(new Event("change", { bubbles: true }));
    },
    choose: (element, value) => {
      element.value = value;
      element.dispatchEvent(new Event("change", { bubbles: true }));
    },
    // Links of charts have no click() of their own.
    click: (element) => element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })),
    key: (element, key) => element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })),
    leave: (element) => element.dispatchEvent(new FocusEvent("blur")),
  };
  // Anything but a value in a field may need all of the application.
  const isLarge = ({ kind, at }) => !["input", "check", "choose"].includes(kind) && at.which !== "button.fold";

  // What a reload would lose, or a tab that the system puts away, is kept with the tab until the application has it.
  const kept = (change) => {
    try {
      return change(sessionStorage);
    } catch {
      return null;
    }
  };
  addEventListener("pagehide", () => {
    if (recording && acts.length) kept((tab) => tab.setItem("acts", JSON.stringify([location.search, acts])));
  });
  const recall = () => {
    const [search, before] = JSON.parse(kept((tab) => tab.getItem("acts")) || "[]");
    kept((tab) => tab.removeItem("acts"));
    if (search !== location.search) return;
    for (const { kind, at, value } of before) {
      const element = find(opening(), at);
      if (element) again[kind](element, value);
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", recall);
  else recall();

  // What the application does at once is done after a few promises, before anything is painted.
  const settled = async () => {
    for (let step = 0; step < 60; step++) await null;
  };
  // The application draws what it had kept as it was built; it takes breaks where that takes long.
  const draw = async (page, part) => {
    // The line that says the answer is drawn with it.
    const built = (part.matches("#answer-line") && page.querySelector(ANSWER)) || part;
    part.removeAttribute("data-built");
    const restore = state(page, built);
    built.removeAttribute("data-built");
    built.dispatchEvent(new Event("whichcard:used"));
    await settled();
    for (let breaks = 0; breaks < 500 && page.contains(built); breaks++) await turn();
    restore(page);
  };
  // Does everything again that was done, with what that needs of the application; also draws of what was built what this selector names,
  // if that can be had.
  const redo = async (page, next) => {
    let [ready, here] = [0, false];
    for (;;) {
      const needs = acts.some(isLarge) || folded.size ? 2 : acts.length || next ? 1 : 0;
      if (held || composing) await new Promise((done) => (released = done));
      else if (ready < needs) {
        const lost = await prepareLater(needs > 1);
        here = !lost;
        if (lost && (acts.length || folded.size)) {
          if (!recording) missed = dispatchEvent(new CustomEvent("whichcard:failed", { detail: lost }));
          return;
        }
        if (here && missed) missed = !dispatchEvent(new Event("whichcard:delivered"));
        whole ||= here && needs > 1;
        ready = needs;
      } else {
        const [act] = acts;
        const at = act ? act.at : [...folded].map(place)[0];
        const built = at ? find(page, at)?.closest(BUILT) : next && here && page.querySelector(next);
        if (built) await draw(page, built);
        else if (act) {
          acts.shift();
          const element = find(page, act.at);
          // What cannot be done again is lost; the page is not.
          try {
            if (element) again[act.kind](element, act.value);
          } catch (error) {
            reportError(error);
          }
          await (recording ? turn() : settled());
        } else return;
      }
    }
  };

  // The application is drawn, but not shown yet: it hears what was done so far, and takes the place of the opening page.
  globalThis.takeOver = async (drawn) => {
    drawn.id = "app";
    if (document.readyState === "loading") await new Promise((read) => addEventListener("DOMContentLoaded", read));
    await redo(drawn);
    recording = false;
    show(opening(), drawn);
    root.removeAttribute("data-waits");
    dispatchEvent(new Event("whichcard:started"));
    use(QUESTION).then(() => idle(() => getSelection().isCollapsed && use(ANSWER)));
  };

  // Later the same of what is still as it was built: the question as soon as it can be drawn, the answer when it is used or nothing else
  // is to be done, so that a first change finds it; not while a visitor marks some of it.
  let using;
  const use = (what) => {
    using = Promise.resolve(using)
      .then(() => redo(opening(), what))
      .catch(reportError)
      .then(() => root.removeAttribute("data-waits"));
    return using;
  };
  addEventListener("whichcard:again", (event) => {
    if (!acts.length && !folded.size) return;
    event.preventDefault();
    use();
  });
  const idle = globalThis.requestIdleCallback ?? ((call) => setTimeout(call, 500));

  // What a visitor sees of the page besides its content, for what takes the place of a part: the caret, what was unfolded in that part, how far
  // it was scrolled.
  const state = (old, part = old) => {
    const focus = old.contains(document.activeElement) && document.activeElement;
    const focused = focus && { ...place(focus), from: focus.selectionStart, to: focus.selectionEnd };
    const details = [...folded].filter((one) => part.contains(one)).map((one) => [place(one), one, one.open]);
    const scrolled = old.querySelector(".question")?.scrollTop;
    const [x, y] = [scrollX, scrollY];
    return (drawn) => {
      for (const [at, one, open] of details) {
        find(drawn, at)?.toggleAttribute("open", open);
        folded.delete(one);
      }
      const question = drawn.querySelector(".question");
      if (scrolled && question) question.scrollTop = scrolled;
      const element = focused && find(drawn, focused);
      if (element && element !== document.activeElement) {
        element.focus({ preventScroll: true });
        if (focused.from != null) element.setSelectionRange(focused.from, focused.to);
      }
      if (x !== scrollX || y !== scrollY) scrollTo(x, y);
    };
  };

  // In one step, with everything where it was.
  const show = (old, drawn) => {
    const restore = state(old);
    const y = scrollY;
    old.replaceWith(drawn);
    restore(drawn);
    // A link that opens a plan means that plan.
    const opens = new URLSearchParams(location.search).get("open");
    if (opens && !y) document.getElementById(`row-${opens}`)?.scrollIntoView();
  };
})();
