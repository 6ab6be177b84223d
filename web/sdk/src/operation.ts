import type { Patch } from './patch';

/** One patch on one element: read what it governs, write it, undo it. It holds while what is read is what was read after writing. */
export type Operation = [read: () => unknown, write: () => unknown, undo: () => unknown];

/** Makes the operation of a patch on an element; nothing where it can't be done (yet). */
export const operationOf = (patch: Patch, element: HTMLElement): Operation | undefined => {
  const { op, name, value, position, classes, html } = patch;
  const { style, classList } = element;
  const property = patch.property || (/hide|show/.test(op) && 'display');

  if (name) {
    const before = element.getAttribute(name);
    const set = (to?: string | null) => (to == null ? element.removeAttribute(name) : element.setAttribute(name, to));
    return [() => element.getAttribute(name), () => set(value), () => set(before)];
  }

  if (classes) {
    const read = () => classes.map(entry => classList.contains(entry));
    const before = read();
    return [
      () => read() + '',
      () => classes.map(entry => classList.toggle(entry, op === 'addClass')),
      () => classes.map((entry, i) => classList.toggle(entry, before[i])),
    ];
  }

  if (property) {
    const read = () => [style.getPropertyValue(property), style.getPropertyPriority(property), element.hidden] as const;
    const set = (to: string, priority: string, hidden: typeof element.hidden) => {
      style.setProperty(property, to, priority);
      element.hidden = hidden;
    };
    const before = read();
    return [
      () => read() + '',
      () => set(value ?? (op === 'hide' ? 'none' : ''), patch.important || op === 'hide' ? 'important' : '', op !== 'show' && before[2]),
      () => set(...before),
    ];
  }

  // Unlike innerHTML, setHTML is allowed where Trusted Types are required. The markup was checked when it was configured.
  const made = document.createElement('p');
  html ? made.setHTML ? made.setHTML(html, { sanitizer: {} }) : (made.innerHTML = html) : made.append(patch.text || '');
  const nodes = [...made.childNodes];
  const takeOut = () => nodes.map(node => node.remove());

  if (op === 'insert') {
    return [
      () => nodes.every(node => node.parentNode === (/pend/.test(position!) ? element : element.parentNode)),
      () => element[position!](...nodes),
      takeOut,
    ];
  }

  // setText and setHtml.
  if (/Te|Ht/.test(op)) {
    let before: Node[] = [];
    return [
      () => element.innerHTML,
      () => {
        // The parser adds to what is there, the page's own code replaces it.
        const others = [...element.childNodes].filter(node => !nodes.includes(node));
        before = nodes.some(node => node.parentNode === element) ? [...before, ...others] : others;
        element.replaceChildren(...nodes);
      },
      () => element.replaceChildren(...before),
    ];
  }

  // What is left takes the element from its place, which a comment keeps.
  const target = patch.target && document.querySelector(patch.target);
  if (target === null || (target && element.contains(target))) {
    return;
  }

  const place = new Comment();
  return [
    () => element.parentNode,
    () => {
      place.parentNode || element.before(place);
      html ? element.replaceWith(...nodes) : target ? target[position!](element) : element.remove();
    },
    () => {
      takeOut();
      place.replaceWith(element);
    },
  ];
};

declare global {
  interface Element {
    setHTML?: (html: string, options: { sanitizer: object }) => void;
  }
}
