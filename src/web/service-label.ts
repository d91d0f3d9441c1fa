import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition } from '#connectors/connector.ts';

const definitions: readonly ConnectorDefinition[] = connectors;

/** What people call a service; its id where this Segue does not know it. */
export function serviceLabel(id: string): string {
  return definitions.find((one) => one.id === id)?.label ?? id;
}

/** Services where fans can save and follow. */
export const streamingServices = definitions.filter(({ kind }) => kind === 'streaming');
