import type { ConnectorServer } from '#connectors/connector.ts';
import { stepDefinition, type FlowDefinition } from '#flows/definition.ts';

export type ChannelKind = ConnectorServer['definition']['kind'];

/** In the order in which an artist goes through them. */
export const channelKinds = ['sms', 'streaming', 'email', 'social'] as const satisfies readonly ChannelKind[];

/** Triggers whose event comes in over a channel; the others come from pages, links and the API. */
const channelOfTrigger: Readonly<Record<string, ChannelKind>> = {
  keyword: 'sms',
  'instagram-dm': 'social',
  'instagram-comment': 'social',
  'new-release': 'streaming',
};

/** Channels that a flow cannot do without. */
export function channelsOf({ trigger, steps }: Pick<FlowDefinition, 'trigger' | 'steps'>): Set<ChannelKind> {
  const ofTrigger = channelOfTrigger[trigger.trigger];
  const kinds = steps.flatMap(({ step }): ChannelKind[] => {
    const { group, uses } = stepDefinition(step);
    if (uses !== null) return [uses];
    return group === 'streaming' || group === 'social' ? [group] : [];
  });
  return new Set(ofTrigger === undefined ? kinds : [ofTrigger, ...kinds]);
}
