// Signing in by a provider of identities: a real one (oidc-provider, certified by the OpenID Foundation) in this process, an
// instance of its own beside the demo, and a browser that goes between them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { Provider } from "oidc-provider";
import { SHOTS, launch, violations } from "./browser.mjs";

const PROGRAM = fileURLToPath(new URL("../../target/debug/hoptac", import.meta.url));
const NAME = "Định danh tỉnh";
const SECRET = "mot-khoa-bi-mat-chi-de-thu-nghiem-ma-thoi";
const PASSWORD = "bốn con trâu gặm cỏ";

const folder = mkdtempSync(join(tmpdir(), "hoptac-openid-"));
let browser, provider, server, origin, link;

/// A port that nobody uses at this moment.
const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/// Runs the program to its end and gives what it said.
const run = (...words) =>
  new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, ["--dir", folder, ...words]);
    let said = "";
    child.stdout.on("data", (more) => (said += more));
    child.stderr.on("data", (more) => (said += more));
    child.on("exit", (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
  });

before(async () => {
  await run("plan", "adopt", fileURLToPath(new URL("../../packs/lang-son-2023", import.meta.url)));
  const [here, there] = [await freePort(), await freePort()];
  origin = `http://127.0.0.1:${here}`;
  const issuer = `http://127.0.0.1:${there}`;
  const identities = new Provider(issuer, {
    clients: [{ client_id: "hoptac", client_secret: SECRET, redirect_uris: [`${origin}/dang-nhap/dinh-danh/ve`] }],
    pkce: { required: () => true },
  });
  provider = identities.listen(there, "127.0.0.1");
  const secret = join(folder, "secret");
  writeFileSync(secret, `${SECRET}\n`);
  server = spawn(PROGRAM, [
    ...["--dir", folder, "serve", "--port", here, "--origin", origin],
    ...["--openid-issuer", issuer, "--openid-client", "hoptac", "--openid-secret-file", secret, "--openid-name", NAME],
  ]);
  link = await new Promise((resolve, reject) => {
    let said = "";
    const hear = (more) => {
      said += more;
      const found = said.match(/http:\S+\/moi\/[0-9a-f]+/);
      if (found) resolve(found[0]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", () => reject(new Error(said)));
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  provider?.close();
  // A server that is told to stop writes what it still has to keep, so that its folder is its own until it has ended.
  if (server?.exitCode === null && server.signalCode === null) {
    const ended = once(server, "exit");
    server.kill();
    const [code] = await ended;
    assert.equal(code, 0, "the server ends well when it is told to stop");
  }
  rmSync(folder, { recursive: true, force: true });
});

/// A browser of somebody, with nothing in it yet.
async function somebody(width = 1280) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale: "vi-VN" });
  return { context, page: await context.newPage() };
}

/// Says at the provider who one is, and lets the instance know.
async function prove(page, who) {
  await page.locator("input[name=login]").fill(who);
  await page.locator("input[name=password]").fill("gì cũng được");
  await page.locator("button[type=submit]").click();
  // The provider asks whether the instance may know; it asks once.
  await page.locator("button[type=submit]").click();
  await page.waitForURL((url) => url.origin === origin);
}

const throughProvider = (page) => page.getByRole("link", { name: `Đăng nhập bằng ${NAME}` });

test("an account is taken up with an identity, which signs in from then on", async () => {
  const { context, page } = await somebody(360);
  await page.goto(link);
  await page.screenshot({ path: `${SHOTS}openid-invitation-360.png`, fullPage: true });
  assert.deepEqual(await violations(page), []);
  await page.getByRole("link", { name: `Nhận tài khoản bằng ${NAME}` }).click();
  await prove(page, "nguoi-quan-tri");
  assert.equal(new URL(page.url()).pathname, "/tai-khoan");
  assert.match(await page.locator("main").innerText(), /chỉ đăng nhập được qua Định danh tỉnh/);
  await page.screenshot({ path: `${SHOTS}openid-account-360.png`, fullPage: true });
  assert.deepEqual(await violations(page), []);
  // Cookies know no ports, so that the provider's own are among them.
  const kept = (await context.cookies(origin)).filter((cookie) => cookie.name.startsWith("hoptac"));
  assert.deepEqual(kept.map((cookie) => cookie.name).sort(), ["hoptac", "hoptac-form"], "the way is gone");
  assert.ok(kept.every((cookie) => cookie.httpOnly && cookie.sameSite === "Lax"));
  await context.close();

  // In another browser, from the page that was asked for.
  const again = await somebody();
  await again.page.goto(`${origin}/quan-tri?lang=vi`);
  await again.page.screenshot({ path: `${SHOTS}openid-sign-in-1280.png`, fullPage: true });
  assert.deepEqual(await violations(again.page), []);
  await throughProvider(again.page).click();
  await prove(again.page, "nguoi-quan-tri");
  assert.equal(new URL(again.page.url()).pathname, "/quan-tri");
  await again.context.close();
});

test("an identity that is bound to nothing leads to a sentence and a way on", async () => {
  const { context, page } = await somebody(360);
  await page.goto(`${origin}/dang-nhap`);
  await throughProvider(page).click();
  await prove(page, "nguoi-la");
  assert.match(await page.locator("[role=alert]").innerText(), /chưa gắn với tài khoản nào/);
  await page.screenshot({ path: `${SHOTS}openid-unbound-360.png`, fullPage: true });
  assert.deepEqual(await violations(page), []);
  // What came back is worth nothing a second time.
  const again = await page.reload();
  assert.equal(again.status(), 410);
  await page.getByRole("link", { name: "Đăng nhập", exact: true }).last().click();
  assert.equal(new URL(page.url()).pathname, "/dang-nhap");
  await context.close();
});

test("whoever turns back at the provider is told so", async () => {
  const { context, page } = await somebody();
  await page.goto(`${origin}/dang-nhap`);
  await throughProvider(page).click();
  await page.getByRole("link", { name: /Cancel/ }).click();
  await page.waitForURL((url) => url.origin === origin);
  assert.match(await page.locator("[role=alert]").innerText(), /không xác nhận, hoặc bạn đã hủy/);
  await context.close();
});

test("what comes back to another browser than it left from is not taken", async () => {
  const [thief, victim] = [await somebody(), await somebody()];
  // Somebody proves who they are, and sends the address that leads back to another.
  let stolen;
  thief.page.on("request", (request) => {
    if (request.url().includes("/dang-nhap/dinh-danh/ve?")) stolen = request.url();
  });
  await thief.page.goto(`${origin}/dang-nhap`);
  await throughProvider(thief.page).click();
  await prove(thief.page, "nguoi-quan-tri");
  assert.match(stolen, /[?&]code=/);
  const answer = await victim.page.goto(stolen);
  assert.equal(answer.status(), 410);
  await victim.page.goto(`${origin}/tai-khoan`);
  assert.equal(new URL(victim.page.url()).pathname, "/dang-nhap");
  await thief.context.close();
  await victim.context.close();
});

test("an account with a password is bound, signs in either way, and is unbound", async () => {
  const said = await run("account", "invite", "so-nnmt", "--title", "Sở Nông nghiệp và Môi trường", "--role", "plan_owner");
  const token = said.match(/\/moi\/[0-9a-f]+/)[0];
  const { context, page } = await somebody();
  await page.goto(origin + token);
  await page.locator("#moi").fill(PASSWORD);
  await page.locator("#lai").fill(PASSWORD);
  await page.getByRole("button", { name: "Đặt mật khẩu và đăng nhập" }).click();
  await page.waitForURL(`${origin}/tai-khoan`);
  const bind = page.getByRole("button", { name: `Gắn với ${NAME}` });
  await page.locator("#mat_khau_gan").fill("không phải mật khẩu này");
  await bind.click();
  assert.match(await page.locator("[role=alert]").innerText(), /không đúng/);
  await page.locator("#mat_khau_gan").fill(PASSWORD);
  await bind.click();
  await page.screenshot({ path: `${SHOTS}openid-go-1280.png`, fullPage: true });
  assert.deepEqual(await violations(page), []);
  await page.getByRole("link", { name: `Sang ${NAME}` }).click();
  // An identity that another account has is not taken from it.
  await prove(page, "nguoi-quan-tri");
  assert.match(await page.locator("[role=alert]").innerText(), /đã gắn với một tài khoản khác/);
  await context.clearCookies({ domain: "127.0.0.1", name: /_session|_interaction/ });
  await page.goto(`${origin}/tai-khoan`);
  await page.locator("#mat_khau_gan").fill(PASSWORD);
  await bind.click();
  await page.getByRole("link", { name: `Sang ${NAME}` }).click();
  await prove(page, "can-bo-so");
  assert.match(await page.locator("main").innerText(), /đã gắn với danh tính của bạn/);

  const other = await somebody();
  await other.page.goto(`${origin}/dang-nhap`);
  await throughProvider(other.page).click();
  await prove(other.page, "can-bo-so");
  assert.equal(await other.page.locator("[role=alert]").count(), 0);
  assert.ok(await other.page.locator("details.who summary").isVisible());
  await other.context.close();

  await page.locator("#mat_khau_bo_gan").fill(PASSWORD);
  await page.getByRole("button", { name: "Bỏ gắn" }).click();
  await bind.waitFor();
  await context.close();
});
