// Reports: chosen, looked at, edited, taken away, issued, verified, at a desk and on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, SHOTS, launch, open, violations } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/// Signs in to the demo's account of a name, and gives its page.
async function enter(name, options = {}) {
  const opened = await open(browser, "/dang-nhap", options);
  await opened.page.locator(`form:has(input[value="${name}"]) button`).first().click();
  await opened.page.waitForURL((url) => !url.pathname.startsWith("/dang-nhap"));
  return opened;
}

async function shoot(page, name, width) {
  await page.screenshot({ path: `${SHOTS}${name}-${width}.png`, fullPage: true });
  assert.deepEqual(await violations(page), [], name);
  const broad = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(broad <= width, `${name}: ${broad} is wider than ${width}`);
}

for (const width of [1280, 360]) {
  test(`a report is written, issued and verified at ${width}`, async () => {
    const { context, page, troubles } = await enter("quan-tri", { width });
    await page.goto(`${BASE}/bao-cao`);
    await shoot(page, "reports-vi", width);
    await page.locator("#loai").selectOption("brief");
    await page.locator("#ky").fill("2025-H2");
    await page.locator("form[action='/bao-cao/xem'] button").click();
    await page.waitForURL(/\/bao-cao\/xem/);
    await shoot(page, "report-brief-vi", width);
    // A figure leads to the records behind it.
    const figure = page.locator(".paper td a").first();
    assert.match(await figure.getAttribute("href"), /^\/chi-tieu\/[a-z_]+\/ho-so\?/);
    const download = page.waitForEvent("download");
    await page.locator("button[formaction$='/bao-cao/tai/docx']").click();
    assert.equal((await download).suggestedFilename(), "bao-cao-brief-2025-H2.docx");
    await page.locator("summary", { hasText: "Số, ngày, chữ ký" }).click();
    await page.locator("#so").fill(`${width}/BC-UBND`);
    await page.locator("#ngay").fill("2026-01-05");
    await page.locator("#nguoi-ky").fill("Nguyễn Văn Mẫu");
    await page.locator("summary", { hasText: "Sửa câu chữ" }).click();
    await page.locator("textarea[name='cau.verdict']").fill("Nhiều chỉ tiêu khó đạt.");
    await page.locator("button", { hasText: "Xem lại" }).click();
    assert.match(await page.locator(".paper").innerText(), /Nhiều chỉ tiêu khó đạt\./);
    assert.match(await page.locator(".paper").innerText(), /ngày 05 tháng 01 năm 2026/);
    await page.locator("button[formaction$='/bao-cao/phat-hanh']").click();
    await page.waitForURL(/\/an-ban\/[0-9a-f]{12}/);
    await shoot(page, "edition-vi", width);
    const code = new URL(page.url()).pathname.split("/").pop();
    await page.goto(`${BASE}/xac-minh/${code}`);
    assert.match(await page.locator("h1").innerText(), /còn nguyên vẹn/);
    await shoot(page, "verified-vi", width);
    assert.deepEqual(troubles, []);
    await context.close();
  });
}
