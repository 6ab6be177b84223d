// Every op of docs/patches.md in a real browser: on one page what each does, on streamed pages that nobody sees it happen.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inlined, skip, start, watchFrames } from './support/browser.mjs';

const body = '<main><h1 class="hero a" title="t">Old <b>title</b></h1><p id="p" style="color: red" hidden>Text</p><ul><li>1</li><li>2</li><li>3</li></ul><div id="end">End</div></main>';
const page = (patches, content = body) => `<!doctype html><html><head><title>t</title>${inlined(patches)}</head><body>${content}</body></html>`;

const cases = [
  ['setText', [{ op: 'setText', selector: 'h1', text: 'New <b>' }], 'h1', '<h1 class="hero a" title="t">New &lt;b&gt;</h1>'],
  ['setHtml', [{ op: 'setHtml', selector: 'h1', html: 'New <i data-x="1" class="c">one</i>' }], 'h1', '<h1 class="hero a" title="t">New <i data-x="1" class="c">one</i></h1>'],
  ['setHtml with nothing', [{ op: 'setHtml', selector: 'h1', html: '' }], 'h1', '<h1 class="hero a" title="t"></h1>'],
  ['setAttribute', [{ op: 'setAttribute', selector: 'h1', name: 'title', value: 'n' }], 'h1', '<h1 class="hero a" title="n">Old <b>title</b></h1>'],
  ['removeAttribute', [{ op: 'removeAttribute', selector: 'h1', name: 'title' }], 'h1', '<h1 class="hero a">Old <b>title</b></h1>'],
  ['addClass', [{ op: 'addClass', selector: 'h1', classes: ['a', 'b'] }], 'h1', '<h1 class="hero a b" title="t">Old <b>title</b></h1>'],
  ['removeClass', [{ op: 'removeClass', selector: 'h1', classes: ['a', 'z'] }], 'h1', '<h1 class="hero" title="t">Old <b>title</b></h1>'],
  ['setStyle', [{ op: 'setStyle', selector: '#p', property: 'color', value: 'blue', important: true }], '#p', '<p id="p" style="color: blue !important;" hidden="">Text</p>'],
  ['insert before', [{ op: 'insert', selector: '#end', position: 'before', html: '<i>x</i>y' }], 'main', body.replace('<div id="end">', '<i>x</i>y<div id="end">')],
  ['insert prepend', [{ op: 'insert', selector: 'ul', position: 'prepend', html: '<li>0</li>' }], 'ul', '<ul><li>0</li><li>1</li><li>2</li><li>3</li></ul>'],
  ['insert append', [{ op: 'insert', selector: 'ul', position: 'append', html: '<li>4</li>' }], 'ul', '<ul><li>1</li><li>2</li><li>3</li><li>4</li></ul>'],
  ['insert after', [{ op: 'insert', selector: 'li:first-child', position: 'after', html: '<li>1b</li>' }], 'ul', '<ul><li>1</li><li>1b</li><li>2</li><li>3</li></ul>'],
  ['move', [{ op: 'move', selector: '#end', target: 'h1', position: 'before' }], 'main > :first-child', '<div id="end">End</div>'],
  ['move of several', [{ op: 'move', selector: 'li:nth-child(odd)', target: '#end', position: 'append' }], '#end', '<div id="end">End<li>1</li><li>3</li></div>'],
  ['a move into itself', [{ op: 'move', selector: 'ul', target: 'li', position: 'append' }], 'ul', '<ul><li>1</li><li>2</li><li>3</li></ul>'],
  ['remove', [{ op: 'remove', selector: 'li:last-child' }], 'ul', '<ul><li>1</li><li>2</li></ul>', /<!---->/g],
  ['replace', [{ op: 'replace', selector: 'ul', html: '<ol></ol><hr>' }], 'ol + hr', '<hr>'],
  ['hide', [{ op: 'hide', selector: 'h1' }], 'h1', '<h1 class="hero a" title="t" style="display: none !important;">Old <b>title</b></h1>'],
  ['show', [{ op: 'show', selector: '#p' }], '#p', '<p id="p" style="color: red">Text</p>'],
  ['what matches nothing', [{ op: 'setText', selector: '.nowhere', text: 'x' }], 'main', body],
  ['patches in order', [{ op: 'addClass', selector: 'h1', classes: ['late'] }, { op: 'setText', selector: '.late', text: 'Second' }], 'h1', '<h1 class="hero a late" title="t">Second</h1>'],
];

describe('patches', { skip }, () => {
  let host;
  before(async () => {
    host = await start(Object.fromEntries(cases.map(([, patches], i) => [`/op${i}`, page(patches)])));
  });
  after(() => host.stop());

  cases.forEach(([name, , selector, expected, ignored], i) => test(`${name} does what the document says, and reverts`, async () => {
    const opened = await host.open(`/op${i}`);
    const normal = html => {
      const made = html.replaceAll('hidden=""', 'hidden');
      return ignored ? made.replace(ignored, '') : made;
    };

    assert.equal(normal(await opened.evaluate(at => document.querySelector(at).outerHTML, selector)).replace(/^<main>|<\/main>$/g, ''),
      normal(expected).replace(/^<main>|<\/main>$/g, ''));
    await opened.evaluate(() => personalizationPage.revert());
    const reverted = normal(await opened.evaluate(() => document.querySelector('main').outerHTML)).replace(' style=""', '').replace('color: red;', 'color: red');
    assert.equal(reverted, normal(body));
    assert.deepEqual(opened.errors, []);
    await opened.close();
  }));
});

// The same page content with every patchable thing of another size, sent in pieces as a slow origin does.
const cards = Array.from({ length: 25 }, (_, i) => `<div class="card" style="height:60px">Card ${i}</div>`).join('');
const streamed = [
  ['text', { op: 'setText', selector: 'h1', text: 'Variant '.repeat(60) }, () => document.querySelector('h1')?.textContent.startsWith('Control')],
  ['markup', { op: 'setHtml', selector: 'h1', html: '<i>Variant</i> '.repeat(60) }, () => document.querySelector('h1')?.textContent.startsWith('Control')],
  ['style', { op: 'setStyle', selector: 'h1', property: 'font-size', value: '80px', important: false }, () => { const h = document.querySelector('h1'); return h && getComputedStyle(h).fontSize !== '80px'; }],
  ['hidden', { op: 'hide', selector: 'h1' }, () => { const h = document.querySelector('h1'); return h && getComputedStyle(h).display !== 'none'; }],
  ['removed', { op: 'remove', selector: 'h1' }, () => !!document.querySelector('h1')],
  ['replaced', { op: 'replace', selector: 'h1', html: '<h2>Variant</h2>' }, () => !!document.querySelector('h1')],
  ['before', { op: 'insert', selector: 'h1', position: 'before', html: '<p class="new">New</p>' }, () => !!document.querySelector('h1') && !document.querySelector('.new')],
  ['after', { op: 'insert', selector: 'h1', position: 'after', html: '<p class="new">New</p>' }, () => !!document.querySelector('.card') && !document.querySelector('.new')],
  ['sheet', { op: 'css', css: 'h1 { font-size: 80px }' }, () => { const h = document.querySelector('h1'); return h && getComputedStyle(h).fontSize !== '80px'; }],
  ['class', { op: 'addClass', selector: 'h1', classes: ['big'] }, () => { const h = document.querySelector('h1'); return h && !h.classList.contains('big'); }],
];

describe('a page that arrives in pieces', { skip }, () => {
  let host;
  before(async () => {
    host = await start(Object.fromEntries(streamed.map(([name, patch]) => [`/${name}`, {
      chunks: [`<!doctype html><html><head><style>.big{font-size:80px}</style>${inlined([patch])}</head><body><h1>Control`, ' title</h1>' + cards.slice(0, 700), cards.slice(700), '<footer>End</footer></body></html>'],
      pause: 60,
    }])));
  });
  after(() => host.stop());

  for (const [name, , isControl] of streamed) {
    test(`never shows the control and never shifts: ${name}`, async () => {
      const opened = await host.open(`/${name}`, { before: `${watchFrames}; window.__look = ${isControl};` });
      await opened.waitForTimeout(200);

      const { frames, shift } = await opened.evaluate(() => ({ frames: window.__frames, shift: window.__shift }));
      assert.ok(frames.length > 5, `only ${frames.length} frames were seen`);
      assert.equal(frames.filter(Boolean).length, 0, 'frames that showed the control');
      assert.equal(shift, 0);
      assert.deepEqual(opened.errors, []);
      await opened.close();
    });
  }
});
