// Walks the pages as one person after the other in Chromium 86; prints as JSON what happened. See old_browser.py.
"use strict";

const fs = require("fs");
const os = require("os");
const path = require("path");
const zlib = require("zlib");
const puppeteer = require("puppeteer-core");

// The package holds the browser packed; it is unpacked once into a folder of this run.
const unpack = () => {
  const packed = path.join(path.dirname(require.resolve("chrome-aws-lambda/package.json")), "bin", "chromium.br");
  const program = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "old-browser-")), "chromium");
  fs.writeFileSync(program, zlib.brotliDecompressSync(fs.readFileSync(packed)), { mode: 0o755 });
  return program;
};

const walk = async (browser, { site, password, type }, { username, pages }) => {
  const context = await browser.createIncognitoBrowserContext();
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (line) => { if (line.type() === "error") errors.push(line.text()); });
  await page.setViewport({ width: 1366, height: 768 });
  await page.goto(`${site}/login`);
  await page.type("input[name=username]", username);
  await page.type("input[name=password]", password);
  await Promise.all([page.waitForNavigation(), page.click("main [type=submit]")]);
  const seen = [];
  for (const address of pages) {
    const answer = await page.goto(site + address, { waitUntil: "networkidle0" });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    seen.push({ address, status: answer.status(), title: await page.title(), wide });
  }
  let state = "";
  if (type) {
    await page.type("textarea[name=progress]", type);
    await page.waitForFunction(() => document.getElementById("page-state").textContent === "全部内容已保存");
    state = await page.$eval(".task-card .save-state", (line) => line.textContent.trim());
  }
  await context.close();
  return { version: await browser.version(), seen, state, errors };
};

const main = async (order) => {
  const program = unpack();
  const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--disable-background-networking"];
  const browser = await puppeteer.launch({ executablePath: program, args });
  try {
    const walked = [];
    for (const person of order.people) walked.push(await walk(browser, order, person));
    return walked;
  } finally {
    await browser.close();
    fs.rmdirSync(path.dirname(program), { recursive: true });
  }
};

main(JSON.parse(process.argv[2])).then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error) => { process.stderr.write(String(error.stack)); process.exit(1); },
);
