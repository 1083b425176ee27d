// Signing in, one's own account and administration: at both sizes, in both languages, without a script of their own.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SHOTS, launch, open, violations } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const query = (lang) => (lang === "en" ? "?lang=en" : "");

/// Signs in as one of the demo's accounts, by its button.
async function enter(page, account) {
  await page.locator(`form:has(input[value="${account}"]) button`).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/dang-nhap"));
}

/// Looks at a page in both schemes and holds it to axe and to the width.
async function look(page, name, width) {
  const broad = await page.evaluate(() => document.documentElement.scrollWidth);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${SHOTS}${name}-${width}-${colorScheme}.png`, fullPage: true });
    assert.deepEqual(await violations(page), [], `${name} ${colorScheme}`);
  }
  assert.ok(broad <= width, `${name}: ${broad} is wider than ${width}`);
}

for (const lang of ["vi", "en"]) {
  for (const width of [1280, 360]) {
    test(`the way in and around, ${lang}, ${width}`, async () => {
      const { context, page, response, troubles } = await open(browser, `/dang-nhap${query(lang)}`, { width });
      assert.equal(response.status(), 200);
      await look(page, `sign-in-${lang}`, width);
      await enter(page, "quan-tri");
      assert.ok(await page.locator("details.who summary").isVisible());
      for (const [name, path] of [
        ["account", "/tai-khoan"],
        ["second-factor", "/tai-khoan/xac-thuc"],
        ["administration", "/quan-tri"],
        ["administration-account", "/quan-tri/tai-khoan/xa-binh-gia"],
        ["administration-sessions", "/quan-tri/phien"],
        ["administration-ledger", "/quan-tri/so-cai"],
        ["administration-packs", "/quan-tri/goi"],
        ["outlines", "/ranh-gioi"],
        ["sign-out", "/dang-xuat"],
      ]) {
        const answer = await page.goto(new URL(path + query(lang), page.url()).href);
        assert.equal(answer.status(), 200, path);
        await look(page, `${name}-${lang}`, width);
      }
      assert.deepEqual(troubles, []);
      await page.locator("main form button").click();
      await page.waitForURL((url) => url.pathname === "/");
      assert.equal(await page.locator("details.who").count(), 0);
      await context.close();
    });
  }
}

describe("at the door", () => {
  test("a wrong password is said above the form, and the focus can go on", async () => {
    const { context, page } = await open(browser, "/dang-nhap", { width: 360 });
    await page.locator("#ten").fill("khong-co-ai");
    await page.locator("#mat_khau").fill("sai mật khẩu");
    await page.locator("#mat_khau").press("Enter");
    await page.locator("[role=alert]").waitFor();
    assert.match(await page.locator("[role=alert]").innerText(), /không đúng/);
    assert.equal(await page.locator("#ten").inputValue(), "khong-co-ai");
    assert.equal(await page.locator("#mat_khau").inputValue(), "");
    assert.deepEqual(await violations(page), []);
    await context.close();
  });

  test("whoever asked for a page comes back to it, without a script", async () => {
    const { context, page } = await open(browser, "/tai-khoan", { script: false });
    assert.match(page.url(), /\/dang-nhap\?ve=%2Ftai-khoan/);
    await enter(page, "lanh-dao");
    assert.equal(new URL(page.url()).pathname, "/tai-khoan");
    await context.close();
  });

  test("the cookie is out of reach of scripts and ends with sign-out", async () => {
    const { context, page } = await open(browser, "/dang-nhap");
    await enter(page, "thanh-tra");
    assert.equal(await page.evaluate(() => document.cookie), "");
    const session = (await context.cookies()).find((cookie) => cookie.name === "hoptac");
    assert.ok(session.httpOnly && session.sameSite === "Lax" && session.expires === -1);
    await page.locator("details.who summary").click();
    await page.screenshot({ path: `${SHOTS}who-open.png` });
    assert.deepEqual(await violations(page), []);
    await page.locator("details.who button").click();
    await page.waitForURL((url) => url.pathname === "/");
    assert.equal((await context.cookies()).find((cookie) => cookie.name === "hoptac"), undefined);
    await context.close();
  });
});

describe("what is not one's own", () => {
  test("a page says who may", async () => {
    const { context, page } = await open(browser, "/dang-nhap", { width: 360 });
    await enter(page, "hop-tac-xa");
    const answer = await page.goto(new URL("/quan-tri", page.url()).href);
    assert.equal(answer.status(), 403);
    assert.match(await page.locator("main").innerText(), /cơ quan chủ trì kế hoạch/);
    assert.deepEqual(await violations(page), []);
    await context.close();
  });

  test("a registrar sees the records of their own territory only", async () => {
    const { context, page } = await open(browser, "/dang-nhap");
    await enter(page, "huyen-binh-gia");
    await page.goto(new URL("/chi-tieu/groups/ho-so?year=2025&as_of=2025-12-31", page.url()).href);
    assert.match(await page.locator("main").innerText(), /trong phạm vi được giao/);
    const theirs = await page.getByRole("link", { name: /^Tất cả/ }).innerText();
    await page.locator("details.who summary").click();
    await page.locator("details.who button").click();
    await page.waitForURL((url) => url.pathname === "/");
    await page.goto(new URL("/chi-tieu/groups/ho-so?year=2025&as_of=2025-12-31", page.url()).href);
    const all = await page.getByRole("link", { name: /^Tất cả/ }).innerText();
    const count = (text) => Number(text.replaceAll(/\D/g, ""));
    assert.ok(count(theirs) > 0 && count(theirs) < count(all), `${theirs} of ${all}`);
    await context.close();
  });
});
