import { z } from 'zod';
import type { ConnectorDefinition } from '../connector.ts';
import { deezerLinks } from './links.ts';

/** Nothing to enter: the catalogue is open to everyone, and nothing else is open to anyone new. */
export const deezer = {
  id: 'deezer',
  label: 'Deezer',
  kind: 'streaming',
  settings: z.object({}).strict(),
  secretSettings: [],
  actions: [],
  links: deezerLinks,
  csp: { image: ['https://cdn-images.dzcdn.net'] },
} as const satisfies ConnectorDefinition;
