/** One change to a page, as the server checked it when it was configured: docs/patches.md. */
export interface Patch {
  op: string;
  selector?: string;
  text?: string;
  html?: string;
  name?: string;
  value?: string;
  property?: string;
  important?: boolean;
  classes?: string[];
  position?: 'before' | 'prepend' | 'append' | 'after';
  target?: string;
  url?: string;
  css?: string;
}
