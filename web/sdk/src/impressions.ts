import type { Decision } from './decision';

const VISIBLE_SHARE = 0.5;
const VISIBLE_TIME = 1000;

/** Where a placement is on the page: `data-placement="home.hero"`. */
export const PLACE = 'data-placement';

/**
 * Tells once of each placement that was seen: half of its place visible for a second. A placement without a place on the page counts as
 * seen when it is decided, whatever was decided, so that no variant is counted more readily than another.
 */
export const watchImpressions = (decision: Decision, seen: (placement: string) => void): (() => void) => {
  const timers = new Map<Element, ReturnType<typeof setTimeout>>();
  const watcher = new IntersectionObserver(entries => {
    for (const { target, intersectionRatio } of entries) {
      clearTimeout(timers.get(target));
      intersectionRatio >= VISIBLE_SHARE && timers.set(target, setTimeout(() => {
        watcher.unobserve(target);
        seen(target.getAttribute(PLACE)!);
      }, VISIBLE_TIME));
    }
  }, { threshold: VISIBLE_SHARE });
  const begin = () => {
    for (const placement of Object.keys(decision.placements)) {
      const place = document.querySelector(`[${PLACE}="${CSS.escape(placement)}"]`);
      place ? watcher.observe(place) : seen(placement);
    }
  };
  document.readyState[0] === 'l' ? document.addEventListener('DOMContentLoaded', begin) : begin();
  return () => {
    document.removeEventListener('DOMContentLoaded', begin);
    watcher.disconnect();
    timers.forEach(timer => clearTimeout(timer));
  };
};
