import { z } from 'zod';
import type { ConnectorDefinition } from '../connector.ts';
import { amazonMusicLinks } from './links.ts';

/** Its Web API is in a closed beta: pages can link to it, and that is all. */
export const amazonMusic = {
  id: 'amazon-music',
  label: 'Amazon Music',
  kind: 'streaming',
  settings: z.object({}).strict(),
  secretSettings: [],
  actions: [],
  links: amazonMusicLinks,
} as const satisfies ConnectorDefinition;
