// Brings the sentences, inside index.html: those of the visitor's language, in two files. The first is asked for together with the
// application; the second (web/later-texts.txt says what it holds) comes with the part that links lead to.
(() => {
  // Name and checksum of both files by language; filled in when the site is built.
  const FILES = __TEXTS__;
  const [FIRST, REST] = [0, 1];
  const asked = new Map();
  let hand;

  const ask = async ([name, integrity]) => (await delivered(name, integrity)).text();
  const file = (lang, part) => {
    const [name] = FILES[lang][part];
    // What failed is asked for again next time.
    if (!asked.has(name)) asked.set(name, ask(FILES[lang][part]));
    asked.get(name).catch(() => asked.delete(name));
    return asked.get(name);
  };
  const give = (lang, text) => {
    if (!hand(lang, text)) throw new Error(`${lang}: not the sentences`);
  };

  // Languages of which the first file is here, and those of which both are.
  const speaks = new Set();
  const whole = new Set();
  const giveRest = (lang, text) => {
    give(lang, text);
    whole.add(lang);
  };
  const lacking = () => [...speaks].filter((lang) => !whole.has(lang));
  const speak = async (lang) => {
    give(lang, await file(lang, FIRST));
    speaks.add(lang);
  };

  globalThis.texts = {
    /** Asks for what the application says first, in the document's language. */
    ask: () => file(document.documentElement.lang, FIRST).catch(() => {}),
    /** Hands it to the application. */
    begin: (application) => {
      hand = application.hand;
      return speak(document.documentElement.lang);
    },
    /** Brings another language; answers whether it is here. */
    change: async (lang) => {
      try {
        const rest = file(lang, REST);
        await speak(lang);
        giveRest(lang, await rest);
      } catch (error) {
        // Without its second file it speaks until it needs that.
        if (!speaks.has(lang)) dispatchEvent(new CustomEvent("whichcard:failed", { detail: error }));
      }
      return speaks.has(lang);
    },
    /** Brings the second file of the languages spoken so far. */
    rest: () => Promise.all(lacking().map(async (lang) => giveRest(lang, await file(lang, REST)))),
    /** The same where the application cannot wait. */
    restNow: () => {
      for (const lang of lacking()) {
        const [name] = FILES[lang][REST];
        const request = new XMLHttpRequest();
        request.open("GET", name, false);
        request.send();
        if (request.status !== 200) throw new Error(`${name}: ${request.status}`);
        giveRest(lang, request.responseText);
      }
    },
  };
})();
