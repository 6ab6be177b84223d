// What a server or an edge inlines in the head, before: personalizationPage = { decision, revert: patchPage(decision.patches) }.
import { applyPatches } from './kernel';

(self as { patchPage?: typeof applyPatches }).patchPage = applyPatches;
