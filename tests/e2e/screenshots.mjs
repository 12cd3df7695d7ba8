// Pictures for documents: `cargo xtask screenshots`.
import { ARTIFACTS, DIST, answered, launch } from "./harness.mjs";
import { serve } from "./server.mjs";

const PICTURES = {
  "advise-en": "view=advise&lang=en&model=llama-3-8b&job=qlora&seq=2048&cur=CNY&budget=12000",
  "advise-zh": "view=advise&lang=zh-CN&model=llama-3-8b&job=qlora&seq=2048&cur=CNY&budget=12000",
  "card-en": "view=card&lang=en&card=gtx-1080-ti",
  "card-zh": "view=card&lang=zh-CN&card=rtx-4060",
  "inspect-en": "view=inspect&lang=en&model=gpt3-175b&job=inference&card=a40",
  "inspect-zh": "view=inspect&lang=zh-CN&model=qwen3-14b&job=qlora&card=rtx-4090",
};

const server = await serve(DIST);
const browser = await launch();
for (const theme of ["light", "dark"]) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, deviceScaleFactor: 2 });
  for (const [name, query] of Object.entries(PICTURES)) {
    await page.goto(`${server.address}?${query}&theme=${theme}`);
    await answered(page);
    const path = `${ARTIFACTS}shot-${name}-${theme}.png`;
    await page.screenshot({ path });
    console.log(path);
  }
  await page.close();
}
await browser.close();
await server.close();
