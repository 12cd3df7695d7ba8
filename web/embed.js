// <script async src="https://.../embed.js"></script>
// <which-card view="card" card="rtx-4060" height="420" title="What can an RTX 4060 do?" style="display:flow-root;min-height:420px"></which-card>
// <div data-which-card="view=card&card=rtx-4060" data-height="420">Link</div>, with data-title and data-credentialless likewise
//
// The element keeps `height` pixels free, or what its style does, and grows with its frame. Its attributes are the keys
// of the page's address (`link`: all behind the question mark); `compact="0"` shows the whole page. Colours follow the ground unless
// `theme` is light, dark or system. What the element holds stays until the frame tells its height: for good where frames are forbidden.
(() => {
  const script = document.currentScript || [...document.scripts].find(({ src }) => /\/embed\.js(\?|#|$)/.test(src));
  // A page may load the script twice, or from somewhere that is not known: then what is there stays.
  if (!script || customElements.get("which-card")) return;
  const PAGE = new URL("./", script.src);
  // Kept free where no height is given, until the page has told its own.
  const HEIGHT = 640;
  // Answers in articles: what the usual question of a view takes, in columns as wide as the first edge and more, then between two, then below the last.
  const EDGES = [560, 460, 350, 310];
  const COMPACT = {
    advise: [484, 494, 526, 572, 674],
    card: [900, 890, 1160, 1410, 1475],
    compare: [880, 914, 914, 914, 1034],
    generations: [513, 532, 596, 596, 660],
    inspect: [620, 690, 848, 895, 995],
  };
  const LARGEST = 20_000;
  // More than any author wants to keep free.
  const MOST_KEPT = 4000;
  // Attributes that speak of the element, not of the question.
  const OWN = ["class", "credentialless", "height", "hidden", "id", "link", "slot", "style", "title"];
  // Milliseconds after which a change of an article's colours has faded in.
  const FADED = 700;

  // How light a computed colour is, from 0 to 1, in whatever form it is computed; nothing for one that is seen through.
  const lightness = (colour) => {
    const [, form, said] = colour.match(/^([a-z]+)\((?:[a-z][a-z\d-]* )?(.*)\)$/) || [];
    const [one, two, three, alpha = 1] = said ? said.replace(/none/g, "0").match(/-?[\d.]+(e-?\d+)?/g).map(Number) : [];
    if (!(alpha > 0.5) || one === undefined) return undefined;
    if (/^(ok)?l/.test(form)) return one / (form[0] === "o" ? 1 : 100);
    return (one * 0.3 + two * 0.59 + three * 0.11) / (form === "color" ? 1 : 255);
  };
  // What an element stands in, out of shadow trees as well.
  const around = (element) => element.parentElement || element.assignedSlot || element.getRootNode().host;

  // Articles change their colours by a class or an attribute somewhere above, by style sheets, by a switch that is not above, or by the
  // system's choice.
  const look = () => document.querySelectorAll("which-card").forEach((card) => card.look());
  const change = () => [0, FADED].forEach((wait) => setTimeout(look, wait));
  const colours = new MutationObserver(change);
  colours.observe(document.head || document.documentElement, { attributes: true, characterData: true, childList: true, subtree: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", change);
  for (const sign of ["change", "click"]) addEventListener(sign, change, true);

  class WhichCard extends HTMLElement {
    connectedCallback() {
      this.frame?.remove();
      // What its style keeps free in a column of this width.
      this.room = this.offsetHeight;
      this.column = this.clientWidth;
      const frame = (this.frame = document.createElement("iframe"));
      frame.loading = "lazy";
      frame.allow = "clipboard-write";
      // The only frame that an article isolated by COEP may show from hosts that send no such headers. It shares no downloads with others.
      frame.credentialless = self.crossOriginIsolated || this.hasAttribute("credentialless");
      this.tall = 0;
      this.address = undefined;
      this.listener = (event) => this.resize(event);
      addEventListener("message", this.listener);
      this.observer = new MutationObserver(() => this.show());
      this.observer.observe(this, { attributes: true });
      this.show();
      this.prepend(frame);
      // From here on the frame keeps it.
      this.style.paddingBottom &&= 0;
      this.style.display ||= "flow-root";
      for (let place = this; (place = around(place)); ) colours.observe(place, { attributes: true });
      this.look();
    }

    disconnectedCallback() {
      removeEventListener("message", this.listener);
      this.observer.disconnect();
    }

    show() {
      const query = new URLSearchParams(this.getAttribute("link") || "");
      query.set("embed", "1");
      for (const { name, value } of this.attributes) {
        if (!OWN.includes(name) && !name.includes("-")) query.set(name, name === "compact" ? value || "1" : value);
      }
      this.asked = query;
      const address = new URL(`?${query}`, PAGE).href;
      if (this.address !== address) {
        this.address = address;
        // A frame that speaks is shown, and another `src` would be one more step back for the reader.
        if (this.tall) this.frame.contentWindow.location.replace(address);
        else this.frame.src = address;
      }
      this.frame.title = this.getAttribute("title") || "Whichcard";
      this.look();
    }

    // Written so that no style sheet of the article can squeeze or stretch the frame.
    look() {
      const known = this.asked.get("compact") !== "0" && COMPACT[this.asked.get("view") || "advise"];
      const kept = known ? known[EDGES.filter((edge) => this.clientWidth < edge).length] : HEIGHT;
      const given = Math.min(parseFloat(this.getAttribute("height")), MOST_KEPT);
      const usual = given > 0 ? given : this.tall || kept;
      const room = this.clientWidth === this.column ? Math.min(this.room, MOST_KEPT) : 0;
      const height = Math.min(Math.ceil(Math.max(usual, room, this.tall)), LARGEST);
      const style = { all: "initial", display: "block", width: "100%", "max-width": "100%", border: 0, height: `${height}px`, "color-scheme": this.scheme() };
      // Until it speaks it only keeps its place.
      if (!this.tall) Object.assign(style, { float: "left", "margin-right": "-100%", opacity: 0, "pointer-events": "none" });
      this.frame.style.cssText = Object.entries(style).map(([name, value]) => `${name}:${value}!important`).join(";");
    }

    // A frame prefers the colours of what it stands in: dark on dark ground, whether or not the article says so to the browser. Where
    // the ground is a picture, or nothing, the letters tell: light ones stand on dark ground.
    scheme() {
      const theme = this.asked.get("theme");
      if (theme) return theme === "light" || theme === "dark" ? theme : "normal";
      for (let place = this; place; place = around(place)) {
        const { backgroundColor, backgroundImage } = getComputedStyle(place);
        const ground = lightness(backgroundColor);
        if (ground !== undefined) return ground < 0.5 ? "dark" : "light";
        if (backgroundImage !== "none") break;
      }
      const letters = lightness(getComputedStyle(this).color);
      return letters === undefined ? "normal" : letters > 0.55 ? "dark" : "light";
    }

    // Only our own frame, only from where the page lies, or from nowhere in an article whose sandbox takes the origin of both; only a
    // sensible number.
    resize(event) {
      const nowhere = origin === "null" && event.origin === "null";
      const ours = event.source === this.frame.contentWindow && (nowhere || event.origin === PAGE.origin);
      if (ours && Number.isFinite(event.data) && event.data > 0) {
        this.tall = event.data;
        while (this.frame.nextSibling) this.frame.nextSibling.remove();
        this.look();
      }
    }
  }
  customElements.define("which-card", WhichCard);

  // Markdown and many editors let through a plain element with data attributes only; some sites bring articles in later.
  const upgrade = () => {
    for (const place of document.querySelectorAll("[data-which-card]")) {
      const card = document.createElement("which-card");
      card.setAttribute("link", place.dataset.whichCard);
      for (const name of ["credentialless", "height", "title"]) if (name in place.dataset) card.setAttribute(name, place.dataset[name]);
      place.removeAttribute("data-which-card");
      // What its style keeps free is for the frame, and ends where the frame begins.
      card.style.cssText = `display:flow-root;${place.style.cssText}`;
      place.removeAttribute("style");
      card.append(...place.childNodes);
      place.append(card);
    }
  };
  upgrade();
  new MutationObserver(upgrade).observe(document, { childList: true, subtree: true });
  addEventListener("load", look);
})();
