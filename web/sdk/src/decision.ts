import type { Patch } from './patch';

export interface PlacementDecision {
  experience: string;
  experiment?: string;
  variant?: string;
  reason: string;
  items?: { id: string; score: number }[];
  patches?: Patch[];
}

/** The server's answer to what to show: docs/api.md. */
export interface Decision {
  decisionId: string;
  placements: Record<string, PlacementDecision>;
  patches: Patch[];
  ttlMs: number;
}
