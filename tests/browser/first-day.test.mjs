// The first day of each user: what somebody must be able to do without being told how, at a desk and on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, SHOTS, enter, launch, open, violations } from "./browser.mjs";

const DAY = "as_of=2025-12-31";
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/// Somebody's day at both sizes: the pages that are stopped at fit the screen, are clean for axe and made no trouble.
function day(name, account, steps) {
  for (const width of [1280, 360]) {
    test(`${name}, ${width}`, async () => {
      const opened = account ? await enter(browser, account, { width }) : await open(browser, "/", { width });
      const { context, page, troubles } = opened;
      let stop = 0;
      const look = async () => {
        stop += 1;
        const broad = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(broad <= width, `${page.url()}: ${broad} is wider than ${width}`);
        await page.screenshot({ path: `${SHOTS}day-${name.replaceAll(" ", "-")}-${stop}-${width}.png`, fullPage: true });
        assert.deepEqual(await violations(page), [], page.url());
      };
      const go = (path) => page.goto(BASE + path);
      await steps({ page, go, look, width });
      assert.deepEqual(troubles, []);
      await context.close();
    });
  }
}

const heading = (page) => page.locator("h1").innerText();

day("a leader sees what will be missed and who is behind it", "lanh-dao", async ({ page, go, look }) => {
  await go(`/?${DAY}`);
  assert.match(await heading(page), /\d+ trong \d+ chỉ tiêu khó đạt/);
  await look();
  await page.locator("table.targets tr:has(.s-off) .label a").first().click();
  await page.waitForURL(/\/chi-tieu\/T/);
  assert.match(await heading(page), /khó đạt/);
  await look();
  // By how much, and where: the places that lack most.
  assert.ok((await page.locator(".key-figures dd").count()) >= 3);
  await page.locator('a[href*="/ho-so"]').first().click();
  await page.waitForURL(/\/ho-so/);
  assert.ok((await page.locator("table.records tbody tr").count()) > 0);
});

day("an auditor follows a figure down to its filings", "thanh-tra", async ({ page, go, look }) => {
  await go(`/chi-tieu/groups/ho-so?year=2025&${DAY}`);
  await look();
  await page.locator("table.records .label a").first().click();
  await page.waitForURL(/\/to-chuc\//);
  const filings = page.locator(".timeline li");
  assert.ok((await filings.count()) > 0);
  assert.match(await filings.first().innerText(), /nộp ngày .* \| hiệu lực từ/);
  await look();
  await go("/quan-tri/so-cai");
  assert.match(await page.locator("main").innerText(), /hồ sơ|sổ cái/i);
});

day("a plan owner reads the plan with its findings and the table of all places", "so-tai-chinh", async ({ page, go, look }) => {
  await go(`/ke-hoach?${DAY}`);
  assert.ok((await page.locator(".finding").count()) >= 3);
  await go(`/bang-chi-tieu?level=district&${DAY}`);
  await page.locator("#chieu").selectOption("chi-tieu");
  await page.locator(".filter-bar button[type=submit]").click();
  await page.waitForURL(/chieu=chi-tieu/);
  assert.match(await page.locator("table.pivot tbody tr .label").first().innerText(), /T\w+-\d+/);
  await look();
  await go(`/bao-cao?${DAY}`);
  await look();
});

day("a department officer finds who depends on one buyer and who may get support", "so-nnmt", async ({ page, go, look }) => {
  await go(`/chuoi?theo=to-chuc&san-pham=na&${DAY}`);
  await look();
  const side = page.locator("svg.chain:visible a").first();
  await side.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/to-chuc\//);
  await go(`/chuong-trinh?${DAY}`);
  await page.locator("th.label a").first().click();
  await page.waitForURL(/\/chuong-trinh\/./);
  await page.locator("#dieu-kien details summary").first().click();
  assert.match(await page.locator("#dieu-kien details[open]").innerText(), /đạt/);
  await look();
});

day("a registrar finds an organisation by what is typed and keeps the view", "xa-binh-gia", async ({ page, go, look, width }) => {
  await go("/dang-ky");
  await page.locator("#q").fill("htx binh gia");
  await page.waitForURL(/q=htx/);
  assert.ok((await page.locator("table.register tbody tr").count()) > 0);
  const name = `Bình Gia ${width}`;
  await page.locator(".kept-views summary").click();
  await page.locator('.kept-views input[name="ten"]').fill(name);
  await page.locator(".kept-views form button").click();
  await page.locator(`.kept-views a[aria-current]:has-text("${name}")`).waitFor();
  await look();
  await page.locator(".kept-views form button").click();
  await page.waitForFunction((kept) => !document.querySelector(".kept-views")?.innerText.includes(kept), name);
  await page.locator("table.register th.label a").first().click();
  await page.waitForURL(/\/to-chuc\//);
  await look();
});

day("a cooperative sees its grade, point by point, and its return", "hop-tac-xa", async ({ page, go, look }) => {
  await go("/dang-ky");
  assert.equal(await page.locator("table.register tbody tr").count(), 1);
  await page.locator("table.register th.label a").first().click();
  await page.waitForURL(/\/to-chuc\//);
  await look();
  await go(`${new URL(page.url()).pathname}/bao-cao-nam`);
  await page.locator("table.grid").waitFor();
  await look();
});

day("anybody reads plan, progress and map", undefined, async ({ page, go, look }) => {
  assert.match(await heading(page), /chỉ tiêu/);
  await go("/ban-do");
  assert.ok((await page.locator("svg.map a").count()) > 10);
  await look();
  await go("/ke-hoach");
  assert.match(await heading(page), /\S/);
});

test("the days of an organisation are a slider that leads to the day", async () => {
  const { context, page, troubles } = await open(browser, "/dang-ky?kind=HTX&sort=founded");
  await page.locator("table.register th.label a").first().click();
  const slider = page.locator('form[data-moments] input[type="range"]');
  await slider.waitFor();
  const before = await slider.getAttribute("aria-valuetext");
  await slider.focus();
  await page.keyboard.press("Home");
  await page.waitForURL(/as_of=/);
  const after = await page.locator('form[data-moments] input[type="range"]').getAttribute("aria-valuetext");
  assert.notEqual(after, before);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(troubles, []);
  await context.close();
});

test("the days of an organisation are a list with a button without a script", async () => {
  const { context, page } = await open(browser, "/dang-ky?kind=HTX&sort=founded", { script: false });
  await page.locator("table.register th.label a").first().click();
  await page.locator("#moc").selectOption({ index: 0 });
  await page.locator("form[data-moments] button").click();
  await page.waitForURL(/as_of=\d{4}-\d{2}-\d{2}/);
  await context.close();
});
