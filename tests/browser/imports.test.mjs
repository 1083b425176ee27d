// Spreadsheets: a wrong file is refused, a messy one is looked over with its columns confirmed once, a good one is taken and taken
// back; at a desk and on a phone, in both languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, SHOTS, enter, launch, violations } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function shoot(page, name, width) {
  await page.screenshot({ path: `${SHOTS}${name}-${width}.png`, fullPage: true });
  assert.deepEqual(await violations(page), [], name);
  const broad = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(broad <= width, `${name}: ${broad} is wider than ${width}`);
}

const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

async function hand_in(page, sent) {
  await page.goto(`${BASE}/nhap-lieu`);
  await page.locator("#tep").setInputFiles(sent);
  await page.getByRole("button", { name: "Xem trước" }).click();
}

const HEADS = "Tên tổ chức;Loại hình;Ngày thành lập;Xã, phường;Ngành chính (VSIC);Số thành viên";
// A head that says nothing, and names that are near to no other and not to one another.
const WORDS = { 1280: ["A", "Bưởi Quảng Lạc", "Thạch đen Tràng Định"], 360: ["B", "Ong rừng Vũ Lễ", "Chè Shan Công Sơn"] };

for (const width of [1280, 360]) {
  test(`imports-${width}`, async () => {
    const { context, page, troubles } = await enter(browser, "quan-tri", { width });
    await page.goto(`${BASE}/nhap-lieu`);
    await shoot(page, "imports-vi", width);
    await page.goto(`${BASE}/nhap-lieu?lang=en`);
    await shoot(page, "imports-en", width);

    // A wrong file says what it is, and leads back.
    await hand_in(page, { name: "anh.xlsx", mimeType: "image/png", buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]) });
    await page.getByText("tệp không phải là bảng tính").waitFor();
    await hand_in(page, file("thu.xlsx", "Kính gửi Ủy ban nhân dân tỉnh\n"));
    await page.getByText("bên trong chỉ là văn bản").waitFor();
    await shoot(page, "import-wrong-vi", width);

    // A messy one: a title, a head that says nothing, a day that does not exist, a sum.
    const [head, one, two] = WORDS[width];
    const messy = [
      "DANH SÁCH TỔ HỢP TÁC;;;;;;",
      `STT;Tên tổ chức;Loại hình;Ghi chép ${head};Xã, phường;Ngành chính (VSIC);Số thành viên`,
      `1;Tổ hợp tác ${one};THT;15/5/2023;06433;A;7`,
      `2;Tổ hợp tác ${two};THT;1/6/2023;06433;A;9`,
      "3;Tổ hợp tác Sai ngày;THT;31/2/2023;06433;A;9",
      "4;Tổ hợp tác Cần cù;THT;2/6/2023;06433;A;chín",
      "5;Tổ hợp tác Không tên xã;THT;3/6/2023;;A;8",
      ";Tổng cộng;;;;;25",
    ].join("\n");
    await hand_in(page, file(`lon-xon-${width}.csv`, messy));
    await page.getByRole("button", { name: "Đúng, đọc theo các cột này" }).waitFor();
    assert.equal(await page.getByRole("button", { name: /^Nhận/ }).count(), 0, "nothing is taken before the columns are confirmed");
    await shoot(page, "import-proposed-vi", width);
    await page.getByRole("button", { name: "Đúng, đọc theo các cột này" }).click();
    await page.getByRole("button", { name: "Nhận 2 dòng hợp lệ" }).waitFor();
    await page.getByText("“31/2/2023” không phải là ngày").waitFor();
    await shoot(page, "import-look-vi", width);
    const look = page.url();
    await page.goto(`${look}?lang=en`);
    await shoot(page, "import-look-en", width);
    await page.goto(look);
    const marked = page.waitForEvent("download");
    await page.getByRole("link", { name: /bản sao đã đánh dấu lỗi/ }).click();
    assert.equal((await marked).suggestedFilename(), "loi.xlsx");
    await page.getByRole("button", { name: "Nhận 2 dòng hợp lệ" }).click();
    await page.waitForURL(/\/nhap-lieu\/lan\//);
    await page.getByText("Lần nhập ghi 2 hồ sơ").waitFor();
    await shoot(page, "import-taken-vi", width);
    const taken = page.url();

    // The same heads are understood from now on; the same file changes nothing.
    await hand_in(page, file(`lon-xon-${width}.csv`, messy));
    await page.getByText("gửi lại không làm thay đổi gì").waitFor();
    assert.equal(await page.getByRole("button", { name: "Đúng, đọc theo các cột này" }).count(), 0, "what was confirmed is remembered");

    // Taken back; then a good file comes in whole.
    await page.goto(taken);
    await page.locator("#ly-do").fill("nhập nhầm tệp");
    await page.getByRole("button", { name: "Rút lại lần nhập này" }).click();
    await page.getByText("Lần nhập này đã được rút lại").waitFor();
    await shoot(page, "import-undone-vi", width);
    await hand_in(page, file(`tot-${width}.csv`, `${HEADS}\nTổ hợp tác ${one};THT;15/5/2023;06433;A;7\n`));
    await page.getByRole("button", { name: "Nhận 1 dòng hợp lệ" }).click();
    await page.getByText("Lần nhập ghi 1 hồ sơ").waitFor();
    // What a page refuses answers with a status that the browser notes.
    assert.deepEqual(troubles.filter((trouble) => !trouble.includes("status of 422")), []);
    await context.close();
  });
}

test("a long file tells how far it is and stops without a trace", async () => {
  const { context, page } = await enter(browser, "quan-tri");
  const rows = Array.from({ length: 12000 }, (_, at) => `Tổ hợp tác Số ${at};THT;15/5/2023;06433;A;${5 + (at % 9)}`);
  await page.goto(`${BASE}/nhap-lieu`);
  await page.locator("#tep").setInputFiles(file("dai.csv", `${HEADS}\n${rows.join("\n")}\n`));
  await page.getByRole("button", { name: "Xem trước" }).click();
  await page.locator("[data-said]", { hasText: /Đã (đọc|đối chiếu) [\d.]+/ }).waitFor();
  await page.screenshot({ path: `${SHOTS}import-underway-vi-1280.png`, fullPage: true });
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Dừng lại" }).click();
  await page.locator("[data-stopped]").waitFor();
  assert.match(page.url(), /\/nhap-lieu$/);
  await page.goto(`${BASE}/nhap-lieu`);
  assert.equal(await page.getByText("dai.csv").count(), 0);
  await context.close();
});
