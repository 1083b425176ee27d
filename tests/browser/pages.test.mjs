// The four kinds of pages in both languages, on a desk and on a phone, light and dark.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BASE, SHOTS, launch, open, violations } from "./browser.mjs";

const DAY = "as_of=2025-12-31";
const PAGES = [
  ["overview", `/?${DAY}`],
  ["unit", `/?unit=181&${DAY}`],
  ["list", `/chi-tieu?${DAY}`],
  ["target", `/chi-tieu/T30-01?${DAY}`],
  ["target-yearly", `/chi-tieu/TY-01?${DAY}`],
  ["target-share", `/chi-tieu/T30-10?level=commune&${DAY}`],
  ["records", `/chi-tieu/groups/ho-so?year=2025&${DAY}`],
  ["plan", `/ke-hoach?${DAY}`],
  ["finding-code", "/ke-hoach/luu-y/HT002"],
  ["find", `/tim?q=binh+gia&${DAY}`],
  ["design", "/thiet-ke"],
  ["place", `/dia-ban/181?${DAY}`],
  ["map", `/ban-do?${DAY}`],
  ["map-tiles", `/ban-do?chi-tieu=T30-10&kieu=o&${DAY}`],
  ["scoreboard", `/bang-chi-tieu?${DAY}`],
  ["register", `/dang-ky?${DAY}`],
  ["register-none", `/dang-ky?q=khong+co+ten+nay&${DAY}`],
  ["public", "/cong-khai"],
  ["public-indicator", "/cong-khai/chi-tieu/T30-01"],
  ["public-share", "/cong-khai/chi-tieu/T30-10"],
  ["public-register", "/cong-khai/dang-ky?q=hop+tac"],
  ["public-editions", "/cong-khai/bao-cao"],
  ["public-data", "/cong-khai/du-lieu"],
  ["public-feedback", "/cong-khai/gop-y?ve=T30-01"],
  ["public-frame", "/cong-khai/nhung/T30-01?kieu=bieu-do"],
];

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const [name, path] of PAGES) {
  for (const lang of ["vi", "en"]) {
    for (const width of [1280, 360]) {
      test(`${name}-${lang}-${width}`, async () => {
        const address = lang === "en" ? `${path}${path.includes("?") ? "&" : "?"}lang=en` : path;
        const { context, page, response, troubles } = await open(browser, address, { width });
        assert.equal(response.status(), 200);
        const broad = await page.evaluate(() => document.documentElement.scrollWidth);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: `${SHOTS}${name}-${lang}-${width}-${colorScheme}.png`, fullPage: true });
          assert.deepEqual(await violations(page), [], colorScheme);
        }
        assert.ok(broad <= width, `${broad} is wider than ${width}`);
        assert.deepEqual(troubles, []);
        await context.close();
      });
    }
  }
}

describe("keyboard", () => {
  test("the first stop skips to the content", async () => {
    const { context, page } = await open(browser, `/?${DAY}`);
    await page.keyboard.press("Tab");
    const link = page.locator("a.skip");
    assert.ok(await link.evaluate((a) => a === document.activeElement));
    assert.ok((await link.boundingBox()).x >= 0, "the skip link is seen when it has the focus");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "noi-dung");
    await context.close();
  });

  test("the rule behind a standing opens and closes", async () => {
    const { context, page } = await open(browser, `/?${DAY}`);
    const rule = page.locator("#T30-01 details.rule");
    await rule.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.ok(await rule.locator(".why").isVisible());
    assert.ok((await rule.locator(".why").innerText()).length > 20);
    await page.screenshot({ path: `${SHOTS}rule-open.png` });
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Enter");
    assert.ok(await rule.locator(".why").isHidden());
    await context.close();
  });

  test("the palette opens, finds and goes without a mouse", async () => {
    const { context, page, troubles } = await open(browser, `/?${DAY}`);
    await page.keyboard.press("Control+k");
    await page.locator("dialog.palette input").waitFor();
    await page.keyboard.type("binh gia");
    await page.locator("#palette-list a", { hasText: "Huyện Bình Gia" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: `${SHOTS}palette.png` });
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "A");
    await page.keyboard.press("Enter");
    await page.waitForURL(/dia-ban|chi-tieu|to-chuc/);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  test("another day is chosen without a mouse", async () => {
    const { context, page } = await open(browser, "/");
    await page.locator("details.day summary").focus();
    await page.keyboard.press("Enter");
    await page.locator("#as_of").fill("2024-06-30");
    await page.screenshot({ path: `${SHOTS}day-open.png` });
    await page.locator("#as_of").press("Enter");
    await page.waitForURL(/as_of=2024-06-30/);
    assert.match(await page.locator("details.day summary").innerText(), /30\/6\/2024/);
    await context.close();
  });
});

describe("without a script", () => {
  test("records are filtered and turned by plain links", async () => {
    const { context, page } = await open(browser, `/chi-tieu/groups/ho-so?year=2025&${DAY}`, { script: false });
    await page.getByRole("link", { name: /^Không được tính/ }).click();
    await page.waitForURL(/show=out/);
    assert.ok((await page.locator("tr.out").count()) > 0);
    assert.equal(await page.locator("tr.in").count(), 0);
    assert.ok(await page.locator("h1").isVisible(), "the whole page came");
    await context.close();
  });
});

describe("with the script", () => {
  test("records are filtered in place, and the address follows", async () => {
    const { context, page, troubles } = await open(browser, `/chi-tieu/groups/ho-so?year=2025&${DAY}`);
    await page.evaluate(() => document.querySelector("h1").setAttribute("data-same", "yes"));
    await page.getByRole("link", { name: /^Không được tính/ }).click();
    await page.waitForURL(/show=out/);
    await page.locator("tr.out").first().waitFor();
    assert.equal(await page.locator("h1").getAttribute("data-same"), "yes");
    assert.deepEqual(troubles, []);
    await context.close();
  });
});

describe("from figure to records", () => {
  test("the value of the overview is the number of records behind it", async () => {
    const { context, page } = await open(browser, `/?${DAY}`);
    const value = (await page.locator("#T30-01 td.value").innerText()).trim();
    await page.locator("#T30-01 th a").click();
    await page.locator(".more a").click();
    await page.waitForURL(/ho-so/);
    const counted = await page.getByRole("link", { name: /^Được tính/ }).innerText();
    assert.equal(counted, `Được tính (${value})`);
    await context.close();
  });
});

describe("a plan read in the browser", () => {
  const TEXT = `II. MỤC TIÊU
- Đến năm 2030 có khoảng 850 tổ hợp tác với 4.250 thành viên.
- Hằng năm, mỗi huyện thành lập mới ít nhất 05 tổ hợp tác.
III. THỰC TRẠNG
- Hiện có 226 tổ hợp tác với 2.902 thành viên; kinh phí 15 triệu đồng.
`;
  const handIn = async (page) => {
    await page.locator("#tai-lieu").setInputFiles({ name: "ke-hoach.txt", mimeType: "text/plain", buffer: Buffer.from(TEXT) });
    await page.getByRole("button", { name: "Đọc văn bản" }).click();
    await page.locator(".document-read mark").first().waitFor();
  };

  for (const width of [1280, 360]) {
    test(`targets are marked in the text, ${width}`, async () => {
      const { context, page, troubles } = await open(browser, "/ke-hoach/doc", { width });
      await page.screenshot({ path: `${SHOTS}reading-start-${width}.png`, fullPage: true });
      assert.deepEqual(await violations(page), []);
      await handIn(page);
      assert.ok((await page.locator("mark a").count()) >= 3);
      assert.ok((await page.locator(".document-read .other").count()) >= 2);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${SHOTS}reading-${width}-${colorScheme}.png`, fullPage: true });
        assert.deepEqual(await violations(page), [], colorScheme);
      }
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
      // With the script the form comes in place, and the text stays where it was.
      await page.evaluate(() => document.querySelector("h1").setAttribute("data-same", "yes"));
      await page.locator("mark a", { hasText: "khoảng 850" }).click();
      await page.locator("#gia-tri").waitFor();
      assert.equal(await page.locator("h1").getAttribute("data-same"), "yes");
      await page.screenshot({ path: `${SHOTS}reading-form-${width}.png` });
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(troubles, []);
      await context.close();
    });
  }

  test("a target is corrected and taken back without a script", async () => {
    const { context, page } = await open(browser, "/ke-hoach/doc", { script: false });
    await handIn(page);
    await page.locator("mark a", { hasText: "khoảng 850" }).click();
    assert.equal(await page.locator("#gia-tri").inputValue(), "850");
    await page.locator("#gia-tri").fill("900");
    await page.getByRole("button", { name: "Lưu chỗ sửa" }).click();
    await page.locator("mark.corrected").waitFor();
    assert.equal(await page.locator("#gia-tri").inputValue(), "900");
    await page.getByRole("button", { name: "Hoàn tác", exact: true }).click();
    await page.locator("mark.corrected").waitFor({ state: "detached" });
    assert.equal(await page.locator("#gia-tri").inputValue(), "850");
    await page.getByRole("button", { name: "Xóa văn bản này" }).click();
    await page.locator("#tai-lieu").waitFor();
    await context.close();
  });
});

describe("errors", () => {
  for (const [name, path, status] of [
    ["day", "/?as_of=2026-02-30", 400],
    ["unit", "/?unit=Binh+Gia", 404],
    ["target", "/chi-tieu/T30-99", 404],
    ["page", "/khong-co-trang", 404],
  ]) {
    test(`the page of a wrong ${name} has a way on`, async () => {
      const { context, page, response } = await open(browser, path, { width: 360 });
      assert.equal(response.status(), status);
      await page.screenshot({ path: `${SHOTS}error-${name}.png`, fullPage: true });
      assert.deepEqual(await violations(page), []);
      await page.locator("a.button").click();
      await page.waitForURL((url) => url.pathname === "/" && !url.search.includes("2026-02-30"));
      assert.ok(await page.locator("table.targets").isVisible());
      await context.close();
    });
  }
});

describe("on paper", () => {
  for (const [name, path] of PAGES.filter(([name]) => ["overview", "target", "plan"].includes(name))) {
    test(`${name} carries its head and no navigation`, async () => {
      const { context, page } = await open(browser, path, { width: 794, dark: true });
      await page.emulateMedia({ media: "print" });
      assert.ok(await page.locator("header.top").isHidden());
      const head = await page.locator(".on-paper").innerText();
      for (const part of ["115/KH-UBND", "31/12/2025", "sổ cái số"]) {
        assert.ok(head.includes(part), `${part} is not in "${head}"`);
      }
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(paper, "rgb(255, 255, 255)");
      const pdf = await page.pdf({ path: `${SHOTS}${name}.pdf`, preferCSSPageSize: true, printBackground: true });
      assert.ok(pdf.length > 10_000);
      await context.close();
    });
  }
});

test("a second visit asks for no file again that carries a hash", async () => {
  const { context, page } = await open(browser, "/");
  const again = [];
  page.on("response", (response) => {
    if (response.url().startsWith(`${BASE}/assets/`) && !response.fromServiceWorker()) again.push(response);
  });
  await page.goto(`${BASE}/chi-tieu`);
  for (const response of again) {
    assert.match(response.headers()["cache-control"], /immutable/);
  }
  await context.close();
});
