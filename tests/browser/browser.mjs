// What all browser tests share: one Chromium, pages that note what goes wrong, and the contrast and structure check.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const BASE = process.env.BASE_URL ?? "http://127.0.0.1:8115";
export const SHOTS = fileURLToPath(new URL("../../target/screenshots/", import.meta.url));
mkdirSync(SHOTS, { recursive: true });

// Chromium would otherwise look for its maker's servers, which no test may do.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/// Opens an address and gives the page with everything that went wrong on it.
export async function open(browser, path, { width = 1280, dark = false, script = true, base = BASE } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 800 : 1000 },
    colorScheme: dark ? "dark" : "light",
    // Pages have to work without a script of their own; the checks bring theirs.
    javaScriptEnabled: script,
    locale: "vi-VN",
  });
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("requestfailed", (request) => {
    // What is still on its way when the page is left, or becomes a file that is taken away, is given up by the browser itself.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") troubles.push(`failed: ${request.url()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) troubles.push(`asks somebody else: ${request.url()}`);
  });
  const response = await page.goto(base + path);
  if (script) await page.evaluate(() => document.fonts.ready);
  return { context, page, response, troubles };
}

/// Runs axe in the page and gives what it finds, short enough to read.
export async function violations(page) {
  // Run by the driver and not by a script element, which the page's own policy would refuse.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map(
    (found) => `${found.id}: ${found.nodes.length} × ${found.nodes[0].html.slice(0, 160)} ${found.nodes[0].failureSummary ?? ""}`,
  );
}

/// Signs in to the demo's account of a name, and gives its page.
export async function enter(browser, name, options = {}) {
  const opened = await open(browser, "/dang-nhap", options);
  await opened.page.locator(`form:has(input[value="${name}"]) button`).first().click();
  await opened.page.waitForURL((url) => !url.pathname.startsWith("/dang-nhap"));
  return opened;
}
