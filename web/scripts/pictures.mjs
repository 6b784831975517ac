// Pictures of a report, by headless Chromium: node scripts/pictures.mjs REPORT.html FOLDER
// Writes every section wide, in light and dark, all of it on a phone, and the printed page. CURIE_BROWSER names another browser.
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [report, folder] = process.argv.slice(2);
if (!report || !folder) {
  console.error('usage: node scripts/pictures.mjs REPORT.html FOLDER');
  process.exit(2);
}

// The DevTools protocol over two pipes: one JSON message after another, each ended by a zero byte.
const browser = spawn(
  process.env.CURIE_BROWSER ?? '/usr/bin/chromium',
  ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-pipe'],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
);
const [, , , input, output] = browser.stdio;
const waiting = new Map();
let received = '';
let last = 0;
output.setEncoding('utf8');
output.on('data', (text) => {
  const messages = (received + text).split('\0');
  received = messages.pop();
  for (const message of messages.map((line) => JSON.parse(line))) {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  }
});

function call(method, params = {}, sessionId = undefined) {
  last++;
  input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  return new Promise((done, failed) => {
    waiting.set(last, ({ result, error }) => (error ? failed(new Error(`${method}: ${error.message}`)) : done(result)));
  });
}

async function open(width, height, scheme, mobile) {
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const page = (method, params) => call(method, params, sessionId);
  const evaluate = async (expression) =>
    (await page('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result.value;
  await page('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: mobile ? 2 : 1, mobile });
  await page('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  await page('Page.navigate', { url: pathToFileURL(resolve(report)).href });
  await evaluate(`new Promise((done) => {
    const look = () => document.querySelector('main section, [role=alert]') ? setTimeout(done, 500) : setTimeout(look, 50);
    look();
  })`);
  const failure = await evaluate(`document.querySelector('.loading[role=alert]')?.textContent`);
  if (failure) {
    await call('Browser.close');
    throw new Error(failure);
  }
  return { page, evaluate };
}

async function picture(page, name, clip) {
  const { data } = await page('Page.captureScreenshot', {
    captureBeyondViewport: clip !== undefined,
    ...(clip && { clip: { ...clip, scale: 1 } }),
  });
  await writeFile(join(folder, name), Buffer.from(data, 'base64'));
}

/** Sets the cursor of a development in the middle of training, and chooses its last head. */
async function choose(evaluate) {
  await evaluate(`(async () => {
    const chart = document.querySelector('#development .chart, #dynamics .chart');
    for (const key of chart ? ['Home', ...Array(18).fill('ArrowRight')] : []) {
      chart.dispatchEvent(new KeyboardEvent('keydown', { key }));
    }
    [...document.querySelectorAll('.head-chip')].at(-1)?.click();
    await new Promise((done) => setTimeout(done, 100));
  })()`);
}

const box = `(element => { const { x, y, width, height } = element.getBoundingClientRect(); return { x: x + scrollX, y: y + scrollY, width, height }; })`;

await mkdir(folder, { recursive: true });
for (const scheme of ['light', 'dark']) {
  const { page, evaluate } = await open(1600, 1000, scheme, false);
  await picture(page, `${scheme}-top.png`);
  await choose(evaluate);
  for (const id of await evaluate(`[...document.querySelectorAll('main section')].map((section) => section.id)`)) {
    await picture(page, `${scheme}-${id}.png`, await evaluate(`${box}(document.getElementById('${id}'))`));
  }
}

const { page: phone, evaluate: measure } = await open(390, 844, 'light', true);
await choose(measure);
console.log(`on a screen of 390 points the page is ${await measure('document.documentElement.scrollWidth')} wide`);
for (const id of await measure(`[...document.querySelectorAll('main section')].map((section) => section.id)`)) {
  await picture(phone, `phone-${id}.png`, await measure(`${box}(document.getElementById('${id}'))`));
}
await picture(phone, 'phone-top.png');

const { page: paper } = await open(1000, 1400, 'light', false);
const { data } = await paper('Page.printToPDF', { printBackground: true, preferCSSPageSize: true });
await writeFile(join(folder, 'print.pdf'), Buffer.from(data, 'base64'));
await call('Browser.close');
