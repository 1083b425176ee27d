// Filings as forms, at a desk and on a phone: what is wrong is said at the field, nothing typed is lost, and what was filed
// is shown. The page stands on its own without a script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, SHOTS, enter, launch, violations } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/// The address of an organisation of a kind that operates.
async function organisation(page, kind) {
  await page.goto(`${BASE}/dang-ky?kind=${kind}&status=operating`);
  return page.locator("td a[href^='/to-chuc/'], th a[href^='/to-chuc/']").first().getAttribute("href");
}

async function shoot(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${SHOTS}${name}-${colorScheme}.png`, fullPage: true });
    assert.deepEqual(await violations(page), [], `${name} ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

for (const width of [1280, 360]) {
  test(`forms-${width}`, async () => {
    const { context, page, troubles } = await enter(browser, "quan-tri", { width });
    const address = await organisation(page, "HTX");
    await page.goto(BASE + address);
    await shoot(page, `organisation-signed-in-vi-${width}`);
    for (const form of ["thay-doi", "ky-hop-dong", "sap-nhap", "xac-nhan-ung-dung", "hoat-dong-lai"]) {
      await page.goto(`${BASE}${address}/nop/${form}`);
      await shoot(page, `form-${form}-vi-${width}`);
      const broad = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(broad <= width, `${form}: ${broad} is wider than ${width}`);
    }
    await page.goto(`${BASE}/dang-ky/moi?lang=en`);
    await shoot(page, `form-new-en-${width}`);
    assert.deepEqual(troubles, []);
    await context.close();
  });
}

test("what is wrong is said at the field when one leaves it", async () => {
  const { context, page, troubles } = await enter(browser, "quan-tri");
  await page.goto(`${BASE}/dang-ky/moi`);
  await page.locator("#kind").selectOption("HTX");
  await page.locator("#name").fill("Hợp tác xã Thử Nghiệm");
  await page.locator("#seat").fill("Xã Bình Gia (06112)");
  await page.locator("#vsic").selectOption("A");
  await page.locator("#members").fill("ba");
  await page.locator("#members").blur();
  await page.locator("[data-field='members'] .f-error").waitFor();
  await page.locator("#members").fill("2");
  await page.locator("#members").blur();
  await page.locator("[data-field='members'] .f-error", { hasText: "tối thiểu" }).waitFor();
  await shoot(page, "form-new-wrong-vi-1280");
  await page.locator("#members").fill("12");
  await page.locator("#members").blur();
  await page.waitForFunction(() => !document.querySelector("[data-field='members'] .found"));
  // Leaving asks first.
  let asked = false;
  page.on("dialog", (dialog) => {
    asked = true;
    dialog.accept();
  });
  await page.locator("a.brand").click();
  await page.waitForURL(`${BASE}/`);
  assert.ok(asked, "leaving with something typed asks first");
  assert.deepEqual(troubles, []);
  await context.close();
});

test("the consequences are shown before filing, also without a script", async () => {
  const { context, page } = await enter(browser, "quan-tri", { script: false });
  const address = await organisation(page, "THT");
  await page.goto(`${BASE}${address}/nop/tam-ngung`);
  await page.locator("#reason").fill("mưa lũ");
  await page.getByRole("button", { name: "Kiểm tra và xem hệ quả" }).click();
  await page.getByRole("heading", { name: "Nếu nộp hồ sơ này" }).waitFor();
  await page.screenshot({ path: `${SHOTS}form-foreseen-vi-1280.png`, fullPage: true });
  await page.getByRole("button", { name: /hồ sơ$/ }).first().click();
  const anyway = page.getByRole("button", { name: "Vẫn nộp hồ sơ" });
  if (await anyway.count()) await anyway.click();
  await page.locator(".toast", { hasText: "Đã chấp nhận hồ sơ số" }).waitFor();
  await page.screenshot({ path: `${SHOTS}form-filed-vi-1280.png`, fullPage: true });
  await page.getByRole("link", { name: /Đính chính hoặc hủy/ }).click();
  await page.screenshot({ path: `${SHOTS}form-correct-vi-1280.png`, fullPage: true });
  await page.getByLabel("Hủy hồ sơ, vì lẽ ra không được nộp").check();
  await page.locator("#reason").fill("nộp nhầm");
  await page.getByRole("button", { name: /nộp hồ sơ$/i }).first().click();
  if (await anyway.count()) await anyway.click();
  await page.locator(".toast").waitFor();
  await context.close();
});
