// Every page there is, as a role that may see it, at both sizes: what a first visit loads, how long the server takes, whether
// it is wider than the screen, what axe finds. The table of routes says which pages there are, so that none is forgotten.
// With WRITE=1 the table of it is written to docs/pages.md; with ONLY=/chuoi only addresses that begin so are visited.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BASE, SHOTS, enter, launch, open, violations } from "./browser.mjs";

const MOST = 150_000;
const WIDTHS = [1280, 360];
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const FOLDER = `${SHOTS}pages/`;
mkdirSync(FOLDER, { recursive: true });

// The account of the demonstration that has a role.
const ACCOUNTS = {
  operator: "quan-tri",
  plan_owner: "so-tai-chinh",
  department_officer: "so-nnmt",
  registrar: "xa-binh-gia",
  leader: "lanh-dao",
  auditor: "thanh-tra",
};

// Addresses that are no page, or a page that only a way of several steps leads to; other tests go that way.
const NOT_WALKED = [
  [/^\/sdmx\//, "answers for programs"],
  [/\.(csv|ics|json|txt|xlsx|xml|zip)$|^\/cong-khai\/(du-lieu|anh)\/./, "a file"],
  [/^\/(assets|bang)\/|\/tai\/|^\/nhap-lieu\/mau\/|^\/(healthz|readyz)$/, "a file"],
  [/^\/api$|^\/api\/v1\/./, "for programs"],
  [/^\/don-vi\//, "leads on to the unit's page"],
  [/^\/dang-xuat$|^\/dang-nhap\/xac-thuc$|^\/moi\//, "signing in and out: identity.test.mjs"],
  [/^\/dang-nhap\/dinh-danh/, "signing in by a provider: openid.test.mjs"],
  [/^\/ke-hoach\/doc\/\{id\}/, "a document that was handed in: pages.test.mjs"],
  [/^\/nhap-lieu\/(lan|viec|xem)\//, "a table that was handed in: imports.test.mjs"],
  [/^\/ranh-gioi\/xem\//, "outlines that were handed in: web/tests/identity/boundary.rs"],
  [/^\/goi-so-lieu\/./, "figures of another instance: command_line/bundle.rs"],
  [/^\/an-ban\/|^\/xac-minh\//, "an issued report: reports.test.mjs"],
];

// What stands for the parameter of a route.
const samples = {
  "/bao-cao/xem": "/bao-cao/xem?loai=brief&ky=2025-H2",
  "/chi-tieu/{id}": "/chi-tieu/T30-01",
  "/chi-tieu/{id}/ho-so": "/chi-tieu/groups/ho-so?year=2025",
  "/chuong-trinh/{id}": "/chuong-trinh/nd98-tu-van",
  "/cong-khai/chi-tieu/{id}": "/cong-khai/chi-tieu/T30-01",
  "/cong-khai/dia-ban/{code}": "/cong-khai/dia-ban/181",
  "/cong-khai/nhung/{id}": "/cong-khai/nhung/T30-01?kieu=bieu-do",
  "/dia-ban/{code}": "/dia-ban/181",
  "/ke-hoach/luu-y/{id}": "/ke-hoach/luu-y/HT002",
  "/phan-bo/{target}": "/phan-bo/TY-02",
  "/phan-bo/{target}/da-giao": "/phan-bo/TY-02/da-giao",
  "/quan-tri/tai-khoan/{name}": "/quan-tri/tai-khoan/lanh-dao",
};
// Pages that look different by what is asked of them.
const ALSO = {
  "/bang-chi-tieu": ["/bang-chi-tieu?level=district&chieu=chi-tieu"],
  "/ban-do": ["/ban-do?chi-tieu=T30-10&kieu=o"],
  "/chuoi": ["/chuoi?theo=to-chuc&san-pham=na"],
  "/dang-ky": ["/dang-ky?q=khong+co+ten+nay"],
  "/tim": ["/tim?q=binh+gia"],
  "/xep-loai": ["/xep-loai?bo-tieu-chi=tt01-2020"],
};

const routes = readFileSync(here("../../crates/web/tests/routes.snap"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("GET"))
  .map((line) => line.split(/\s+/))
  .map(([, path, need, ...roles]) => ({ path, need, roles }));

const browser = await launch();

/// A cooperative of the commune whose registrar tries things.
async function cooperative() {
  const { page, context } = await enter(browser, "xa-binh-gia");
  await page.goto(`${BASE}/dang-ky?kind=HTX&unit=06112.2025`);
  const href = await page.locator("table.register th.label a").first().getAttribute("href");
  await context.close();
  return new URL(href, BASE).pathname;
}

/// The state of a signed-in account, so that every page can be a first visit of its own.
const states = new Map();
async function stateOf(account) {
  if (!states.has(account)) {
    const { context } = await enter(browser, account);
    states.set(account, await context.storageState());
    await context.close();
  }
  return states.get(account);
}

async function visit(address, account, width) {
  const opened = await open(browser, "/healthz", { width });
  const { context, page, troubles } = opened;
  // A plain text makes the browser ask for an icon that nobody named.
  await page.waitForLoadState("networkidle");
  troubles.length = 0;
  if (account) await context.addCookies((await stateOf(account)).cookies);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  devtools.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  const response = await page.goto(BASE + address, { waitUntil: "networkidle" });
  const time = await page.evaluate(() => {
    const [visit] = performance.getEntriesByType("navigation");
    return visit.responseStart - visit.requestStart;
  });
  const broad = await page.evaluate(() => document.documentElement.scrollWidth);
  const found = await violations(page);
  const name = address.replace(/^\//, "").replace(/[^\w-]+/g, "_").slice(0, 80) || "tong-quan";
  await page.screenshot({ path: `${FOLDER}${name}-${width}.png`, fullPage: true });
  await context.close();
  return { status: response.status(), bytes, time, broad, found, troubles };
}

const own = await cooperative();
const rows = [];
const wrong = [];
for (const { path, need, roles } of routes) {
  if (process.env.ONLY && !path.startsWith(process.env.ONLY)) continue;
  if (NOT_WALKED.some(([which]) => which.test(path))) continue;
  const usual = path.startsWith("/to-chuc/{id}") ? path.replace("/to-chuc/{id}", own) : (samples[path] ?? path.replace("/nhiem-vu/{id}", "/nhiem-vu/N20-1"));
  if (usual.includes("{")) {
    wrong.push(`${path}: nothing says what stands for its parameter`);
    continue;
  }
  const role = roles[0] === "everybody" ? undefined : roles.find((one) => one in ACCOUNTS);
  for (const address of [usual, ...(ALSO[path] ?? [])]) {
    for (const width of WIDTHS) {
      const seen = await visit(address, role && ACCOUNTS[role], width);
      const shown = address.replace(own, "/to-chuc/…");
      rows.push({ path, shown, need, role: role ?? "public", width, ...seen });
      const say = (what) => wrong.push(`${shown} at ${width} as ${role ?? "public"}: ${what}`);
      if (seen.status !== 200) say(`answers ${seen.status}`);
      if (seen.bytes > MOST) say(`loads ${seen.bytes} bytes, more than ${MOST}`);
      if (seen.broad > width) say(`is ${seen.broad} wide`);
      for (const one of seen.found) say(`axe: ${one}`);
      for (const one of seen.troubles) say(one);
    }
  }
  for (const row of rows.filter((row) => row.path === path)) console.log(`${row.shown} ${row.width}: ${row.bytes} bytes, ${Math.round(row.time)} ms`);
}
await browser.close();

if (process.env.WRITE) {
  const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
  const lines = rows.map(
    (row) =>
      `| \`${row.shown}\` | ${row.role} | ${row.width} | ${kilobytes(row.bytes)} | ${Math.round(row.time)} | ${row.found.length === 0 ? "clean" : row.found.length} |`,
  );
  const largest = Math.max(...rows.map((row) => row.bytes));
  const times = rows.map((row) => row.time).sort((a, b) => a - b);
  const text = `# The pages, one by one

Written by \`cargo xtask pages\` from a walk through the demonstration with a real browser: every address of the table of routes that is
a page, as the first role that may see it, at 1280 and 360 pixels. *kB* is everything a first visit loads with compression: the page,
style sheet, scripts and fonts; the walk fails above 150. *ms* is what the server took until the first byte, from a build without
optimisation and with whatever else the machine did; half of the pages take less than ${Math.round(times[Math.floor(times.length / 2)])}, the slowest ${Math.round(times[times.length - 1])}. *axe* is what its rules find; the
walk fails on anything. The largest page loads ${kilobytes(largest)} kB. Pages that only a way of several steps leads to are visited by other tests.

| page | role | width | kB | ms | axe |
|---|---|---:|---:|---:|---|
${lines.join("\n")}
`;
  writeFileSync(here("../../docs/pages.md"), text);
}
console.log(`${rows.length} visits, ${wrong.length} found wanting`);
for (const one of wrong) console.error(one);
process.exit(wrong.length === 0 ? 0 : 1);
