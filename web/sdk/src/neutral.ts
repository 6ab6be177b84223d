import type { Operation } from './operation';

const boxes = (element: Element | null): string =>
  element ? JSON.stringify([element.getBoundingClientRect(), element.parentElement?.getBoundingClientRect()]) : '';

/** Writes an operation on a page that has been painted, and takes it back at once if it moves or resizes anything: that would be seen. */
export const writeIfNeutral = (element: Element, [, write, undo]: Operation): boolean => {
  const parent = element.parentElement;
  const neighbours = () => [element, parent, parent?.lastElementChild || null].map(boxes).join();
  const before = neighbours();
  write();
  const isNeutral = before === neighbours();
  isNeutral || undo();
  return isNeutral;
};
