import { operationOf, type Operation } from './operation';
import type { Patch } from './patch';

export interface KernelOptions {
  /** Asked to write an operation; it may undo it and answer false. Without it every operation is written. */
  guard?: (element: Element, operation: Operation) => unknown;
  /** Told of every element that a patch was applied to. */
  applied?: (patch: Patch, element: Element) => void;
  /** Told once of a patch that the page undoes more often than is followed. */
  lost?: (patch: Patch, element: Element) => void;
}

interface Hold {
  i: number;
  e: Element;
  o: Operation;
  /** The scan that found it. */
  s: number;
  /** What was read after writing. */
  a: unknown;
}

// Re-applications of one patch in a second: a page that renders 60 times a second is followed, one that fights back is not.
const BUDGET = 61;
const PROTECTED = 'script,style,iframe,object,embed,base,meta,link,noscript,template,svg,math';

/** Applies patches to a page: to what is there, to what the parser still adds, and to what the page renders again. Returns how to undo all. */
export const applyPatches = (patches: Patch[], options: KernelOptions = {}): (() => void) => {
  const doc = document;
  const held = new Map<Node, Hold[]>();
  const applied: Operation[] = [];
  const sheets: CSSStyleSheet[] = [];
  const counts = patches.map(() => 0);
  let scans = 0;
  let any = patches.flatMap(patch => patch.selector || []).join();
  const isLoading = () => doc.readyState[0] === 'l';

  /** The parser may still add to it: nothing follows it anywhere. */
  const isOpen = (node: Node | null): boolean => isLoading() && (!node || (!node.nextSibling && isOpen(node.parentNode)));

  const sheet = (css: string) => {
    const added = new CSSStyleSheet();
    added.replaceSync(css);
    doc.adoptedStyleSheets.push(added);
    sheets.push(added);
  };

  const verify = (node: Node) => held.get(node)?.map(hold => {
    const { i, e, o: [read, write], a } = hold;
    if (counts[i]! <= BUDGET && read() !== a) {
      setTimeout(() => counts[i]!--, 1000);
      ++counts[i]! > BUDGET ? ((counts[i] = Infinity), options.lost?.(patches[i]!, e)) : write();
      hold.a = read();
    }
  });

  const patchElement = (i: number, e: Element) => {
    const patch = patches[i]!;
    const { op, selector, position } = patch;
    const parent = e.parentElement!;
    // A patch that takes elements away by their position must find all of them at once: each that goes gives its position to another.
    const isPositional = selector!.includes(':l') || (/^[imr]/.test(op) && /[:+~]/.test(selector!));
    const has = (key: Element, is: (hold: Hold) => unknown) => held.get(key)?.some(hold => hold.i === i && is(hold));
    // What goes behind an element waits until the parser has closed it, and what goes by position until it has closed the parent.
    if (counts[i]! > BUDGET || e.matches(PROTECTED) || has(e, hold => hold.e === e)
      || (isPositional ? isOpen(parent) || has(parent, hold => hold.s !== scans) : op === 'insert' && position![0] === 'a' && isOpen(e))) {
      return;
    }
    const o = operationOf(patch, e as HTMLElement);
    if (o && (options.guard ? options.guard(e, o) : (o[1](), 1))) {
      applied.push(o);
      const hold = { i, e, o, a: o[0](), s: scans };
      for (const key of [e, parent]) {
        held.set(key, [...(held.get(key) || []), hold]);
      }
      options.applied?.(patch, e);
    }
  };

  const scan = (root: Element) => {
    if (any && (root.matches(any) || root.querySelector(any))) {
      scans++;
      patches.map(({ selector }, i) => {
        if (selector) {
          root.matches(selector) && patchElement(i, root);
          root.querySelectorAll(selector).forEach(element => patchElement(i, element));
        }
      });
    }
  };

  const scanAll = () => scan(doc.documentElement);

  const observer = new MutationObserver(records => {
    for (const { addedNodes, target } of records) {
      addedNodes.forEach(node => {
        verify(node);
        node.nodeType === 1 && scan(node as Element);
      });
      for (let node: Node | null = target; node; node = node.parentNode) {
        verify(node);
      }
    }
    // The parser may have closed what waited for it.
    isLoading() && scanAll();
  });

  patches.map(({ url, css }) => {
    url && new URL(url, location as never).href !== location.href && location.replace(url);
    css && sheet(css);
  });
  scanAll();
  observer.observe(doc, { childList: true, subtree: true, characterData: true, attributes: true });
  doc.addEventListener('DOMContentLoaded', scanAll);

  return () => {
    any = '';
    observer.disconnect();
    applied.reverse().map(operation => operation[2]());
    sheets.map(entry => (entry.disabled = true));
  };
};
