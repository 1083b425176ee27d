// The public side as files, served by a server that knows nothing but files, at a desk and on a phone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { SHOTS, launch, open, violations } from "./browser.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const folder = mkdtempSync(join(tmpdir(), "hoptac-site-"));
let browser, server, base;

before(async () => {
  const words = ["open-data", "build", join(folder, "htx"), "--dir", `${root}target/demo-data`];
  execFileSync(`${root}target/debug/hoptac`, words, { stdio: "pipe" });
  // Below a folder of its own, as on a server with other sites.
  server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    try {
      const body = readFileSync(join(folder, path.endsWith("/") ? `${path}index.html` : path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? (path.endsWith("/") ? TYPES[".html"] : "application/octet-stream") });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
});

for (const width of [1280, 360]) {
  test(`the site of files is walked at ${width}`, async () => {
    const { context, page, troubles } = await open(browser, "/htx/", { width, base });
    const look = async (name) => {
      const broad = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(broad <= width, `${name}: ${broad} is wider than ${width}`);
      assert.deepEqual(await violations(page), [], name);
      await page.screenshot({ path: `${SHOTS}site-${name}-${width}.png`, fullPage: true });
    };
    assert.match(await page.locator("h1").innerText(), /chỉ tiêu của kế hoạch đã đạt/);
    await look("plan");
    await page.locator("table.targets a").first().click();
    await page.waitForURL(/\/htx\/chi-tieu\/[\w-]+\.html$/);
    await look("target");
    await page.locator("a.lang").click();
    await page.waitForURL(/\/htx\/en\/chi-tieu\/[\w-]+\.html$/);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await page.locator("nav.main a").nth(1).click();
    await page.waitForURL(/\/htx\/en\/dang-ky\.html$/);
    await page.locator("a[rel=next]").click();
    await page.waitForURL(/\/htx\/en\/dang-ky\/50\.html$/);
    await look("register");
    await page.locator("nav.main a").nth(3).click();
    await page.waitForURL(/\/htx\/en\/du-lieu\.html$/);
    await look("data");
    const href = await page.locator("#indicators a").first().getAttribute("href");
    const csv = await context.request.get(new URL(href, page.url()).href);
    assert.match(await csv.text(), /^unit,indicator,year,as_of,value,/);
    assert.deepEqual(troubles, []);
    await context.close();
  });
}
