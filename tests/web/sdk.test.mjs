// The SDK in a real browser against the real server.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { skip, start, watchFrames } from './support/browser.mjs';
import { startProduct } from './support/product.mjs';

const html = attributes => `<!doctype html><html><head><link rel="icon" href="data:,"><title>Shop</title><script src="/sdk.js" ${attributes}></script></head><body>
<div data-placement="home.hero" style="height:200px"><h1>Control</h1></div>
<div data-placement="home.recs"><a href="#x" data-item-id="shoe-1">Shoe</a></div>
<button data-track="wishlist" data-item-id="shoe-2">Wish</button></body></html>`;

const documents = {
  'experiences/hello': { patches: [{ op: 'setText', selector: 'h1', text: 'Variant' }] },
  'experiences/large': { patches: [{ op: 'insert', selector: 'h1', position: 'before', html: '<p>Very large</p>' }] },
  'placements/home.hero': { experiences: [{ id: 'hello', audience: { 'events.view.1h': { $gte: 1 } } }] },
  'placements/home.late': { experiences: [{ id: 'large' }] },
  'placements/home.recs': { experiences: [] },
};

describe('the SDK', { skip }, () => {
  let product, host;
  before(async () => {
    product = await startProduct(documents);
    host = await start({
      '/': html('data-placements="home.hero home.recs"'),
      '/next': html('data-placements="home.hero home.recs"'),
      '/late': html('data-placements="home.late"'),
      '/wait': html('data-placements="home.hero" data-consent="wait"'),
    }, (request, response) => product.pass(request, response));
  });
  beforeEach(() => {
    product.isDown = product.hangs = false;
  });
  after(async () => {
    await host.stop();
    await product.stop();
  });

  const idOf = page => page.evaluate(() => personalization.anonymousId);
  const until = async (what, check) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await check()) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    assert.fail(`not within five seconds: ${what}`);
  };
  const count = async (id, type) => (await product.profile(id))?.events[type]?.total ?? 0;

  test('what a visitor does is in the profile, once, and the next page shows what follows from it before it is painted', async () => {
    const context = await host.browser.newContext();
    const first = await host.open('/', { context });
    const id = await idOf(first);
    await first.evaluate(() => personalization.track('view', { itemId: 'shoe-1' }));
    await first.evaluate(() => personalization.flush());
    await until('the view is folded', async () => (await count(id, 'view')) === 1);
    assert.equal(await count(id, 'page'), 1);
    await first.evaluate(() => personalization.show());

    const second = await host.open('/', { context, before: `${watchFrames}; window.__look = () => document.querySelector('h1')?.textContent === 'Control';` });
    await second.waitForTimeout(300);
    assert.equal(await second.textContent('h1'), 'Variant');
    const { frames, shift } = await second.evaluate(() => ({ frames: window.__frames, shift: window.__shift }));
    assert.equal(frames.filter(Boolean).length, 0);
    assert.equal(shift, 0);
    assert.deepEqual([...first.errors, ...second.errors], []);
    await context.close();
  });

  test('a placement that was seen for a second is an impression of its decision, and a click names its item', async () => {
    const page = await host.open('/');
    const id = await idOf(page);
    await page.waitForTimeout(1500);
    await page.click('[data-item-id="shoe-1"]');
    await page.click('button');
    await page.evaluate(() => personalization.flush());

    await until('both impressions', async () => (await count(id, 'impression')) === 2);
    await until('the click, and what was declared', async () => (await count(id, 'click')) === 2 && (await count(id, 'wishlist')) === 1);
    assert.deepEqual((await product.profile(id)).recentItems.map(({ item }) => item).sort(), ['shoe-1', 'shoe-2']);
    await page.context().close();
  });

  test('a late decision that would move the page waits for the next one', async () => {
    const context = await host.browser.newContext();
    const first = await host.open('/late', { context, before: watchFrames });
    await first.waitForTimeout(600);
    const painted = await first.evaluate(() => ({ shift: window.__shift, inserted: document.body.textContent.includes('Very large') }));
    assert.equal(painted.shift, 0);

    const second = await host.open('/late', { context, before: watchFrames });
    await second.waitForTimeout(300);
    assert.ok((await second.textContent('body')).includes('Very large'));
    assert.equal(await second.evaluate(() => window.__shift), 0);
    await context.close();
  });

  test('events wait for a server that is away, and count once when it is back', async () => {
    const context = await host.browser.newContext();
    product.isDown = true;
    const first = await host.open('/wait', { context }).catch(() => undefined);
    product.isDown = false;
    await first?.close();
    const page = await host.open('/', { context });
    const id = await idOf(page);
    product.isDown = true;
    await page.evaluate(() => personalization.track('view', { itemId: 'kept' }));
    await page.waitForTimeout(700);
    await page.close();
    assert.equal(await count(id, 'view'), 0);

    product.isDown = false;
    const next = await host.open('/next', { context });
    await until('the view arrived', async () => (await count(id, 'view')) === 1);
    await next.waitForTimeout(300);
    assert.equal(await count(id, 'view'), 1);
    await context.close();
  });

  test('a decision that never comes leaves the page as it is', async () => {
    product.hangs = true;
    const page = await host.open('/');

    const decision = await page.evaluate(() => personalization.decide().then(answer => answer ?? 'nothing'));
    assert.equal(decision, 'nothing');
    assert.equal(await page.textContent('h1'), 'Control');
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

  test('a browser that denies storage, and a clock a year ahead, change nothing but what is remembered', async () => {
    const page = await host.open('/', {
      before: "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied'); } }); const now = Date.now; Date.now = () => now() + 31536000000;",
    });
    const id = await idOf(page);
    await page.evaluate(() => personalization.track('view', { itemId: 'x' }));
    await page.evaluate(() => personalization.flush());

    await until('the view arrived', async () => (await count(id, 'view')) === 1);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

  test('nothing is stored or sent before there is consent, and what was done meanwhile follows it', async () => {
    const page = await host.open('/wait');
    await page.evaluate(() => personalization.track('view', { itemId: 'early' }));
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => localStorage.length), 0);

    await page.evaluate(() => personalization.consent({ personalization: true }));
    const id = await idOf(page);
    await until('what was done before is there', async () => (await count(id, 'view')) === 1);
    await page.evaluate(() => personalization.consent({ personalization: false }));
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['personalization.consent']);
    await page.evaluate(() => personalization.track('view', { itemId: 'denied' }));
    await page.evaluate(() => personalization.flush());
    assert.equal(await count(id, 'view'), 1);
    await page.context().close();
  });

  test('a change of route is a page of its own', async () => {
    const page = await host.open('/');
    const id = await idOf(page);
    await page.evaluate(() => history.pushState({}, '', '/next?x=1'));
    await page.evaluate(() => personalization.flush());

    await until('both pages', async () => (await count(id, 'page')) === 2);
    await page.context().close();
  });
});
