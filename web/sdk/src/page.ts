// What /sdk.js is: <script src="/sdk.js" data-placements="home.hero home.recs"></script> in the head makes and starts a client.
import { Client } from './index';

const script = document.currentScript as HTMLScriptElement | null;
const { placements, server, budget, consent } = script?.dataset ?? {};
const client = new Client({
  server: server ?? (script?.src ? new URL(script.src).origin : undefined),
  placements: placements?.split(' '),
  budget: budget ? +budget : undefined,
  waitForConsent: consent === 'wait',
});
(globalThis as { personalization?: Client }).personalization = client;
client.show();
