import type { Decision } from './decision';
import { keepByStyle } from './fallback';
import { PLACE, watchImpressions } from './impressions';
import { applyPatches, type KernelOptions } from './kernel';
import { writeIfNeutral } from './neutral';
import type { Patch } from './patch';
import { EventQueue } from './queue';
import { clear, load, save } from './storage';

export type { Decision, PlacementDecision } from './decision';
export type { Patch } from './patch';
export { applyPatches } from './kernel';

export type Choice = boolean | 'granted' | 'denied' | 'unknown';

export interface Options {
  /** Where the server is; the page's own origin unless given. */
  server?: string;
  /** The placements of this page; all that are configured unless given. */
  placements?: string[];
  /** How long a page without an earlier decision may wait for one, in milliseconds. 150 unless given. */
  budget?: number;
  /** What the person allows: purposes to choices. */
  consent?: Record<string, Choice>;
  /** Store and send nothing before {@link Client.consent} was called. */
  waitForConsent?: boolean;
  /** Report page views, and follow changes of route. True unless given. */
  pages?: boolean;
  /** What conditions may look at as context.… */
  context?: Record<string, unknown>;
}

type Inlined = { decision?: Decision; revert?: () => void };

/** One page's connection: what was done goes out, what to show comes in. */
export class Client {
  private readonly server: string;
  private readonly queue: EventQueue;
  private readonly early: [string, object | undefined, object | undefined][] = [];
  private choices?: Record<string, Choice>;
  private stops: (() => void)[] = [];
  private shown?: Decision;
  private version?: number;
  private isSeen = false;

  constructor(private readonly options: Options = {}) {
    this.server = options.server ?? location.origin;
    this.queue = new EventQueue(this.server + '/v1/events', ({ profileVersion }) => (this.version = profileVersion));
    this.choices = options.consent ?? load('consent') ?? (options.waitForConsent ? undefined : {});
    document.addEventListener('click', event => this.clicked(event.target as Element), true);
    if (options.pages !== false) {
      this.followRoutes();
    }
    // A frame that begins with a body in the page may be the one that is seen; what the browser reports as painted comes later.
    const look = () => ((this.isSeen = !!document.body) ? 0 : requestAnimationFrame(look));
    look();
  }

  /** Gets the device's id. */
  get anonymousId(): string {
    let id = load<string>('id');
    id || save('id', (id = crypto.randomUUID()));
    return id!;
  }

  /** Notes something the visitor did. */
  track(type: string, properties?: object, members?: object): void {
    if (!this.choices) {
      this.early.push([type, properties, members]);
      return;
    }
    if (this.isDenied) {
      return;
    }
    this.queue.add({
      messageId: crypto.randomUUID(),
      type,
      timestamp: new Date().toISOString(),
      anonymousId: this.anonymousId,
      userId: load('user'),
      consent: this.choices,
      properties,
      ...members,
    });
  }

  /** Notes that this device's visitor logged in. */
  identify(userId: string): void {
    save('user', userId);
    this.track('identify');
  }

  /** Notes what the visitor allows. Denying personalization forgets what this browser holds. */
  consent(choices: Record<string, Choice>): void {
    this.choices = { ...this.choices, ...choices };
    if (this.isDenied) {
      this.queue.drop();
      this.revert();
      clear();
    }
    save('consent', this.choices);
    this.early.splice(0).forEach(entry => this.track(...entry));
  }

  /** Forgets who this is: after a logout, or on a device that changes hands. */
  reset(): void {
    const choices = this.choices;
    clear();
    save('consent', choices);
  }

  /** Sends what is waiting. */
  flush(): Promise<void> {
    return this.queue.flush();
  }

  /** Asks what to show. Never throws: within the budget there is an answer or there is none, and then the page stays as it is. */
  async decide(placements = this.options.placements, context = this.options.context): Promise<Decision | undefined> {
    if (!this.choices || this.isDenied) {
      return;
    }
    const path = location.pathname;
    const asked = fetch(this.server + '/v1/decide', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        anonymousId: this.anonymousId,
        userId: load('user'),
        page: { url: location.href, referrer: document.referrer || undefined, title: document.title || undefined },
        placements,
        context,
        minProfileVersion: this.version,
      }),
    }).then(async answer => {
      const decision = answer.ok ? ((await answer.json()) as Decision) : undefined;
      decision && save('d' + path, [Date.now(), decision]);
      return decision;
    }).catch(() => undefined);
    return Promise.race([asked, new Promise<undefined>(resolve => setTimeout(resolve, this.options.budget ?? 150))]);
  }

  /** Shows what this page should show: what the server inlined, else what was decided last, else what is decided now. */
  async show(): Promise<void> {
    const inlined = (globalThis as { personalizationPage?: Inlined }).personalizationPage;
    if (inlined?.decision) {
      inlined.revert?.();
      this.apply(inlined.decision);
      delete inlined.decision;
      return;
    }
    const [at, last] = load<[number, Decision]>('d' + location.pathname) ?? [0];
    // The clock may have been set meanwhile: what is dated in the future is as old as what is a day old.
    const isKnown = last && Math.abs(Date.now() - at) < 86_400_000;
    isKnown && this.choices && !this.isDenied && this.apply(last);
    const decision = await this.decide();
    if (decision && !isKnown) {
      // The page has been seen: only what changes no box is shown now, the rest on the next page.
      this.apply(decision, this.isSeen ? writeIfNeutral : undefined);
    }
  }

  /** Takes every patch back. */
  revert(): void {
    this.stops.splice(0).forEach(stop => stop());
    this.shown = undefined;
  }

  private get isDenied(): boolean {
    return this.choices?.personalization === false || this.choices?.personalization === 'denied';
  }

  private apply(decision: Decision, guard?: KernelOptions['guard']): void {
    this.revert();
    this.shown = decision;
    const lost = (patch: Patch, element: Element) => {
      const undo = keepByStyle(patch, element);
      undo && this.stops.push(undo);
      this.track('patch_unstable', { decisionId: decision.decisionId, query: patch.selector, value: +!!undo });
    };
    this.stops.push(
      applyPatches(decision.patches, { guard, lost }),
      watchImpressions(decision, placement => this.track('impression', { decisionId: decision.decisionId, placement })),
    );
  }

  private clicked(target: Element | null): void {
    const item = target?.closest?.('[data-item-id]');
    const placement = item?.closest(`[${PLACE}]`)?.getAttribute(PLACE);
    item && this.track('click', {
      itemId: item.getAttribute('data-item-id'),
      placement: placement ?? undefined,
      decisionId: placement && this.shown?.placements[placement] ? this.shown.decisionId : undefined,
    });
    const declared = target?.closest?.('[data-track]');
    declared && this.track(declared.getAttribute('data-track')!, { ...(declared as HTMLElement).dataset, track: undefined });
  }

  private followRoutes(): void {
    let path = '';
    const visit = () => {
      if (path !== location.pathname + location.search) {
        const isFirst = !path;
        path = location.pathname + location.search;
        this.track('page', { query: undefined });
        isFirst || this.show();
      }
    };
    for (const name of ['pushState', 'replaceState'] as const) {
      const original = history[name];
      history[name] = function (this: History, ...args) {
        original.apply(this, args);
        visit();
      };
    }
    addEventListener('popstate', visit);
    visit();
  }
}
