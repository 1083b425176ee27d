// The yearly return as a sheet: filled in with the keyboard, pasted into, saved as one goes; looked at by whoever decides.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, SHOTS, enter, launch, violations } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function shoot(page, name, width) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${SHOTS}${name}-${width}-${colorScheme}.png`, fullPage: true });
    assert.deepEqual(await violations(page), [], `${name} ${colorScheme}`);
  }
  const broad = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(broad <= width, `${name}: ${broad} is wider than ${width}`);
}

for (const width of [1280, 360]) {
  test(`returns-${width}`, async () => {
    const { context, page, troubles } = await enter(browser, "quan-tri", { width });
    await page.goto(`${BASE}/bao-cao-nam?nam=2026`);
    await shoot(page, "returns-vi", width);
    await page.locator("th.label a").first().click();
    await page.locator("table.grid").waitFor();
    await shoot(page, "return-sheet-vi", width);
    await page.goto(`${page.url()}&lang=en`);
    await shoot(page, "return-sheet-en", width);
    assert.deepEqual(troubles, []);
    await context.close();
  });
}

test("a return is filled in with the keyboard, pasted into, kept, handed in and sent back", async () => {
  const { context, page, troubles } = await enter(browser, "quan-tri");
  await page.goto(`${BASE}/bao-cao-nam?nam=2026&tinh-trang=open`);
  await page.locator("th.label a").nth(2).click();
  const address = page.url();
  const cell = (field) => page.locator(`[name='o.${field}']`);
  await cell("members_total").focus();
  await page.keyboard.type("40");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.name), "o.members_official");
  await page.keyboard.type("41");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.name), "o.members_female");
  // A broken check is said at its cell.
  await page.locator("tr[data-field='values.members_official'] .found").first().waitFor();
  // A block of another sheet goes down the column, labels and all, and is kept.
  const kept = page.waitForResponse((answer) => (answer.request().postData() ?? "").includes("o.members_poor=2&"));
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "Nữ\t18\nDân tộc thiểu số\t30\nNghèo\t2\n");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  assert.deepEqual(
    await Promise.all(["members_female", "members_ethnic_minority", "members_poor"].map((name) => cell(name).inputValue())),
    ["18", "30", "2"],
  );
  await cell("members_official").focus();
  await page.keyboard.press("F2");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Escape");
  assert.equal(await cell("members_official").inputValue(), "41", "Escape gives the old value back");
  await kept;
  await page.locator("[data-saved]", { hasText: "Đã lưu bản nháp" }).waitFor();
  await page.screenshot({ path: `${SHOTS}return-filled-vi-1280.png`, fullPage: true });
  assert.deepEqual(await violations(page), []);
  await page.goto(address);
  assert.equal(await cell("members_female").inputValue(), "18", "what was typed was kept");
  await cell("members_official").fill("40");
  await cell("members_official").blur();
  await page.getByRole("button", { name: "Nộp báo cáo" }).click();
  await page.getByRole("heading", { name: "Xử lý báo cáo" }).waitFor();
  await page.screenshot({ path: `${SHOTS}return-review-vi-1280.png`, fullPage: true });
  assert.deepEqual(await violations(page), []);
  await page.locator("tr[data-field='values.revenue'] summary").click();
  await page.locator("[name='ly_do.revenue']").fill("chưa có doanh thu");
  await page.getByRole("button", { name: "Trả lại kèm nhận xét" }).click();
  await page.locator("tr[data-field='values.revenue'] .comment", { hasText: "chưa có doanh thu" }).waitFor();
  await page.screenshot({ path: `${SHOTS}return-sent-back-vi-1280.png`, fullPage: true });
  assert.deepEqual(troubles, []);
  await context.close();
});
