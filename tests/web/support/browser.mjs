// A real Chromium and a real server on a free port of the loopback, for the tests of one file.
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const dist = new URL('../../../web/sdk/dist/', import.meta.url);
export const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(file => existsSync(file));
export const skip = executable ? false : 'Chromium is not installed: apt-get install chromium';
export const script = name => readFileSync(fileURLToPath(new URL(name, dist)), 'utf8');

/** Starts both. `pages` maps a path to HTML, or to { html, headers, chunks, pause }. */
export async function start(pages, fallback) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    const known = pages[path];
    if (path === '/favicon.ico') {
      return response.writeHead(204).end();
    }
    if (known === undefined) {
      return fallback ? fallback(request, response) : response.writeHead(404).end();
    }
    const page = typeof known === 'string' ? { html: known } : known;
    response.writeHead(200, { 'content-type': path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8', ...page.headers });
    for (const chunk of page.chunks ?? [page.html]) {
      response.write(chunk);
      await new Promise(resolve => setTimeout(resolve, page.pause ?? 0));
    }
    response.end();
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    browser,
    pages,
    /** Opens a page in a visitor's own context, and collects what goes wrong in it. */
    async open(path, { context, before } = {}) {
      const visitor = context ?? (await browser.newContext());
      const page = await visitor.newPage();
      page.errors = [];
      page.on('pageerror', error => page.errors.push(String(error)));
      page.on('console', message => message.type() === 'error' && page.errors.push(message.text()));
      before && (await page.addInitScript(before));
      await page.goto(origin + path);
      return page;
    },
    async stop() {
      await browser.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Watches, from before the first byte, every frame and every layout shift of a page. */
export const watchFrames = `
  window.__frames = [];
  window.__shift = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { if (!entry.hadRecentInput) window.__shift += entry.value; }))
    .observe({ type: 'layout-shift', buffered: true });
  (function frame() { if (window.__look) window.__frames.push(window.__look()); requestAnimationFrame(frame); })();
`;

/** The head of a page whose patches a server has inlined. */
export const inlined = (patches, nonce = '') => {
  const decision = JSON.stringify({ decisionId: 'd', placements: {}, patches }).replaceAll('<', '\\u003c');
  return `<script${nonce && ` nonce="${nonce}"`}>${script('kernel.js')};personalizationPage={decision:${decision}};`
    + 'personalizationPage.revert=patchPage(personalizationPage.decision.patches)</script>';
};
