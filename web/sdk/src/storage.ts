/** What outlives a page: in localStorage, or only as long as the page where that is denied or full. */
const memory: Record<string, string> = {};
const PREFIX = 'personalization.';

export const load = <T>(name: string): T | undefined => {
  let text: string | null | undefined = memory[name];
  try {
    text = localStorage.getItem(PREFIX + name) ?? text;
  } catch {
    // Denied: the memory is all there is.
  }
  try {
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
};

export const save = (name: string, value: unknown): void => {
  const text = JSON.stringify(value);
  memory[name] = text;
  try {
    localStorage.setItem(PREFIX + name, text);
  } catch {
    // Denied or full.
  }
};

export const clear = (): void => {
  try {
    Object.keys(localStorage).forEach(key => key.startsWith(PREFIX) && localStorage.removeItem(key));
  } catch {
    // Denied.
  }
  Object.keys(memory).forEach(key => delete memory[key]);
};
