// Strict content security policies and Trusted Types: every op works under them, and nothing runs that should not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inlined, skip, start } from './support/browser.mjs';

const headers = {
  'content-security-policy': "default-src 'none'; script-src 'nonce-n1'; style-src 'nonce-n1'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'",
};
const patches = [
  { op: 'setText', selector: '#a', text: 'text' },
  { op: 'setHtml', selector: '#b', html: '<i class="x" data-y="1">markup</i>' },
  { op: 'setAttribute', selector: '#c', name: 'title', value: 'set' },
  { op: 'removeAttribute', selector: '#d', name: 'title' },
  { op: 'addClass', selector: '#e', classes: ['on'] },
  { op: 'removeClass', selector: '#f', classes: ['off'] },
  { op: 'setStyle', selector: '#g', property: 'color', value: 'rgb(1, 2, 3)', important: true },
  { op: 'insert', selector: '#h', position: 'append', html: '<b>in</b>' },
  { op: 'move', selector: '#i', target: '#a', position: 'before' },
  { op: 'remove', selector: '#j' },
  { op: 'replace', selector: '#k', html: '<hr id="new">' },
  { op: 'hide', selector: '#l' },
  { op: 'show', selector: '#m' },
  { op: 'css', css: '#n { color: rgb(4, 5, 6) }' },
];
const body = 'abcdefghijklmn'.split('').map(id => `<p id="${id}" title="t" class="off" ${id === 'm' ? 'hidden' : ''}>${id}</p>`).join('');

describe('a strict policy', { skip }, () => {
  let host;
  before(async () => {
    host = await start({
      '/': { headers, html: `<!doctype html><html><head><link rel="icon" href="data:,">${inlined(patches, 'n1')}</head><body>${body}</body></html>` },
    });
  });
  after(() => host.stop());

  test('every op works under it, and reports no violation', async () => {
    const opened = await host.open('/', { before: "window.__violations = []; document.addEventListener('securitypolicyviolation', event => window.__violations.push(event.violatedDirective));" });

    const seen = await opened.evaluate(() => {
      const find = id => document.getElementById(id);
      const style = id => getComputedStyle(find(id));
      return {
        text: find('a').textContent, markup: find('b').innerHTML, set: find('c').title, removed: find('d').hasAttribute('title'),
        added: find('e').className, taken: find('f').className, styled: style('g').color, inside: find('h').innerHTML,
        moved: document.body.firstElementChild.id, gone: find('j'), replaced: !!find('new'), hidden: style('l').display, shown: style('m').display,
        sheet: style('n').color, violations: window.__violations,
      };
    });
    assert.deepEqual(seen, {
      text: 'text', markup: '<i class="x" data-y="1">markup</i>', set: 'set', removed: false, added: 'off on', taken: '', styled: 'rgb(1, 2, 3)',
      inside: 'h<b>in</b>', moved: 'i', gone: null, replaced: true, hidden: 'none', shown: 'block', sheet: 'rgb(4, 5, 6)', violations: [],
    });
    assert.deepEqual(opened.errors, []);
    await opened.close();
  });
});
