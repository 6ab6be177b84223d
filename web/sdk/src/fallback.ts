import type { Patch } from './patch';

/** Keeps up by a style sheet what the page undoes on its elements. Says whether that was possible, and how to take it back. */
export const keepByStyle = ({ op, selector, property, value, text }: Patch, element: Element): (() => void) | undefined => {
  const rule =
    op === 'setText' ? 'font-size:0' : property ? `${property}:${value}` : op === 'remove' || op === 'hide' ? 'display:none' : '';
  if (!rule) {
    return;
  }
  const sheet = new CSSStyleSheet();
  const size = getComputedStyle(element).fontSize;
  const instead = op === 'setText' ? `:is(${selector})::after{content:${JSON.stringify(text)};font-size:${size}}` : '';
  sheet.replaceSync(`${selector}{${rule}!important}${instead}`);
  document.adoptedStyleSheets.push(sheet);
  return () => (sheet.disabled = true);
};
