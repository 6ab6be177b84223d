import { load, save } from './storage';

export interface QueuedEvent {
  messageId: string;
  type: string;
  timestamp: string;
  [member: string]: unknown;
}

const QUEUE = 'queue';
const MOST_KEPT = 500;
const MOST_SENT = 50;
const GATHERING = 300;
const LONGEST_WAIT = 60_000;

/** Events on their way: kept until the server has them, through reloads and hours without a network. The server counts a messageId once. */
export class EventQueue {
  private waiting: QueuedEvent[] = load(QUEUE) ?? [];
  private timer?: ReturnType<typeof setTimeout>;
  private failures = 0;
  private isSending = false;

  constructor(private readonly url: string, private readonly acknowledged: (answer: { profileVersion?: number }) => void) {
    addEventListener('pagehide', () => this.leave());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.leave());
    addEventListener('online', () => this.schedule(0));
    this.waiting.length && this.schedule(0);
  }

  add(event: QueuedEvent): void {
    this.keep([...this.waiting, event].slice(-MOST_KEPT));
    this.schedule(GATHERING);
  }

  /** Forgets what was not sent. */
  drop(): void {
    this.keep([]);
  }

  /** Sends what is waiting; resolves when it was tried. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isSending || !this.waiting.length) {
      return;
    }
    this.isSending = true;
    const sent = this.waiting.slice(0, MOST_SENT);
    let isDone = false;
    try {
      const answer = await fetch(this.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: this.body(sent), keepalive: true });
      // What the server can't take it will never take; all but too many and too slow is for good.
      isDone = answer.ok || (answer.status < 500 && answer.status !== 429 && answer.status !== 408);
      answer.ok && this.acknowledged(await answer.json());
    } catch {
      // No network.
    }
    this.isSending = false;
    this.failures = isDone ? 0 : this.failures + 1;
    isDone && this.keep(this.waiting.filter(event => !sent.includes(event)));
    this.waiting.length && this.schedule(isDone ? 0 : Math.min(LONGEST_WAIT, 500 * 2 ** this.failures) * (0.5 + Math.random() / 2));
  }

  // Nobody hears the answer to a beacon, so what it carries stays and is sent again by the next page: it counts once.
  private leave(): void {
    this.waiting.length && navigator.sendBeacon?.(this.url, new Blob([this.body(this.waiting.slice(0, MOST_SENT))], { type: 'application/json' }));
  }

  private body(events: QueuedEvent[]): string {
    return JSON.stringify({ sentAt: new Date(), events });
  }

  private keep(events: QueuedEvent[]): void {
    save(QUEUE, (this.waiting = events));
  }

  private schedule(wait: number): void {
    this.timer ??= setTimeout(() => this.flush(), wait);
  }
}
