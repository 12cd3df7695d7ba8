// Pictures of every view in both schemes, every language and three widths: `cargo xtask screenshots [part of a name ...]`.
// They are for looking at, in `tests/e2e/artifacts/screenshots/`; those that the README and the manifest show are renewed with them.
import { mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { answered, ARTIFACTS, DIST, LANGS, launch } from "./harness.mjs";
import { serve } from "./server.mjs";

const VIEWS = {
  advise: "view=advise&model=llama-3-8b&job=qlora&seq=2048&cur=CNY&budget=12000",
  "advise-open": "view=advise&model=llama-3-8b&job=qlora&seq=2048&open=rtx-4060-ti-16gb",
  "advise-offloaded": "view=advise&model=llama-3-70b&job=qlora&seq=2048&most=1&form=desktop",
  card: "view=card&card=gtx-1080-ti",
  inspect: "view=inspect&model=qwen3-14b&job=qlora&card=rtx-4090",
  "inspect-no": "view=inspect&model=gpt3-175b&job=inference&card=a40",
  "inspect-form": "view=inspect&model=llama-3-70b&job=qlora&card=rtx-4090&n=2&offload=optimizer",
  compare: "view=compare&cards=gtx-1080-ti,rtx-4090,a100-sxm4-80gb",
  waiting: "view=compare&cards=rtx-3060-12gb,rtx-3070,rtx-3090,rtx-4070,rtx-4080&setups=seq:abc,model:llama-3-8b",
  setups: "view=compare&cards=rtx-4090&setups=model:qwen3-14b,job:qlora,card:rtx-4090,cur:CNY/model:llama-3-70b,job:inference,card:a40,n:2",
  refused: "view=inspect&n=8&tp=3",
  mistakes: "view=inspect&seq=abc&card=rtx-4099&nonsense=1",
  none: "view=advise&model=llama-3-70b&job=pretrain&budget=900",
  catalogue: "view=catalogue&open=rtx-4090",
  models: "view=catalogue&list=models",
  accuracy: "view=accuracy",
  about: "view=about",
  generations: "view=generations",
  embed: "view=embed&widget=inspect&model=llama-3-8b&job=lora&card=rtx-4090",
  widget: "embed=1&view=inspect&model=llama-3-8b&job=lora&card=rtx-4060",
  scratch: "view=scratch&model=llama-2-7b&card=rtx-3090",
  "inspect-image": "view=inspect&task=image-recognition&model=resnet-50&job=full-finetune&card=rtx-4060",
};
const SCHEMES = ["light", "dark"];
const WIDTHS = [360, 768, 1440];

const FOLDER = `${ARTIFACTS}screenshots/`;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const wanted = process.argv.slice(2);

mkdirSync(FOLDER, { recursive: true });
const server = await serve(DIST);
const browser = await launch();
let taken = 0;
for (const width of WIDTHS) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  for (const [view, query] of Object.entries(VIEWS)) {
    for (const lang of LANGS) {
      for (const scheme of SCHEMES) {
        const name = `${view}-${lang}-${width}-${scheme}`;
        if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
        await page.goto(`${server.address}?${query}&lang=${lang}&theme=${scheme}`);
        await answered(page);
        // So is the form where its name says so, with the line of the answer below it.
        if (view.endsWith("-form")) {
          await page.evaluate(() => {
            document.querySelector(".fold[aria-expanded=false]")?.click();
            document.querySelectorAll("#question-form details").forEach((one) => (one.open = true));
          });
        }
        // The working is part of what is looked at.
        await page.evaluate(() => document.querySelectorAll(".working details").forEach((one) => (one.open = true)));
        await page.screenshot({ path: `${FOLDER}${name}.png`, fullPage: true });
        taken += 1;
      }
    }
  }
  await context.close();
}
/** A picture of what a visitor sees first, for the README and for links in social media. */
async function shown(path, query, context) {
  const page = await browser.newPage(context);
  await page.goto(`${server.address}?${query}`);
  await answered(page);
  await page.screenshot({ path: `${ROOT}${path}` });
  await page.close();
}

if (wanted.length === 0 || wanted.includes("readme")) {
  await shown("docs/screenshots/advise.png", `${VIEWS.advise}&lang=en&theme=light`, { viewport: { width: 1280, height: 800 } });
  await shown("docs/screenshots/phone.png", `${VIEWS.card}&lang=zh-CN&theme=dark`, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await shown("web/icons/social.png", `${VIEWS.inspect}&lang=en&theme=light`, { viewport: { width: 1200, height: 630 } });
  // What an installer shows of the page, in each language.
  for (const lang of LANGS) {
    await shown(`web/screenshots/${lang}-wide.jpg`, `${VIEWS.advise}&lang=${lang}&theme=light`, { viewport: { width: 1280, height: 800 } });
    await shown(`web/screenshots/${lang}-narrow.jpg`, `${VIEWS.inspect}&lang=${lang}&theme=light`, { viewport: { width: 540, height: 960 } });
  }
}
await browser.close();
await server.close();
console.log(`${taken} pictures in ${FOLDER}`);
