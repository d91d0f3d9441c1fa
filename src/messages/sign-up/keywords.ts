import type { FlowIndex } from '#flows/flow-index.ts';

/** Keywords whose text is an opt-in by itself: what a fan can do where a form would ask too often (R108). */
export function keywordsToText(index: FlowIndex): string[] {
  return index
    .byTrigger('keyword')
    .filter(({ callToAction, trigger }) => callToAction !== null && trigger.config['mode'] === 'consent')
    .flatMap(({ trigger }) => {
      const { keywords } = trigger.config;
      return Array.isArray(keywords) ? keywords.map(String) : [];
    });
}
