// A file server like the hosts this site is made for: static files in a sub-folder, GitHub Pages' headers, nothing else.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "application/javascript; charset=utf-8",
  ".jpg": "image/jpeg",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

const compress = promisify(gzip);

/** Bytes of a slow file that come at once, and milliseconds until the next: longer than it takes to draw them. */
const PIECE = 6_000;
const PAUSE = 50;

/** Serves `folder` under `base` on a free port of this machine. `change(name, content)` may replace what a file says; `more` has
 * files that are not in the folder, and `missing(name)` tells of those that are gone from it. What `slowly(name)` is true of comes in
 * pieces, as over a network that the reader of a page overtakes, the second half of them after `until`; what `cut(name)` is true of breaks off in the middle. */
export async function serve(folder, { base = "/whichcard/", change, more = {}, missing = () => false, slowly = () => false, until, cut = () => false } = {}) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      response.writeHead(500);
      response.end(String(error));
    });
  });

  async function answer(request, response) {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = decodeURIComponent(pathname.slice(base.length));
    let name = normalize(path === "" || path.endsWith("/") ? `${path}index.html` : path);
    const found = async (name) => more[name] ?? (await readFile(join(folder, name)).catch(() => null));
    let content = null;
    if (pathname.startsWith(base) && !name.startsWith("..")) {
      content = await found(name);
      if (content === null && (content = await found(`${name}.html`)) !== null) name += ".html";
    }
    if (missing(name)) content = null;
    if (content !== null && change) content = (await change(name, content)) ?? content;
    if (content === null) {
      response.writeHead(404, { "Content-Type": "text/html; charset=utf-8" });
      response.end("<!doctype html><title>404</title>");
      return;
    }
    const headers = {
      "Content-Type": TYPES[extname(name)] ?? "application/octet-stream",
      "Cache-Control": "max-age=600",
      "Access-Control-Allow-Origin": "*",
    };
    if (slowly(name)) {
      response.writeHead(200, headers);
      for (let read = 0; read < content.length; read += PIECE) {
        if (read > content.length / 2) await until;
        response.write(content.subarray(read, read + PIECE));
        await setTimeout(PAUSE);
      }
      response.end();
      return;
    }
    const body = await compress(content);
    if (cut(name)) {
      response.writeHead(200, { ...headers, "Content-Encoding": "gzip", "Content-Length": body.length });
      response.write(body.subarray(0, body.length >> 1));
      await setTimeout(PAUSE);
      response.destroy();
      return;
    }
    response.writeHead(200, { ...headers, "Content-Encoding": "gzip", "Content-Length": body.length });
    response.end(body);
  }

  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  return {
    origin: `http://127.0.0.1:${port}`,
    address: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}
