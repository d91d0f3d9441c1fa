import type { Permission } from '#lib/endpoint.ts';
import { t } from '../../catalogue/index.ts';

interface Place {
  /** Behind `/settings/`; '' for the first one. */
  path: string;
  label: string;
  needs: Permission;
}

export const settingsPlaces: readonly Place[] = [
  { path: '', label: t.settings.project, needs: 'see' },
  { path: 'people', label: t.settings.people, needs: 'see' },
  { path: 'keys', label: t.settings.keys, needs: 'keys' },
  { path: 'webhooks', label: t.settings.webhooks, needs: 'connect' },
  { path: 'plan', label: t.settings.plan, needs: 'see' },
  { path: 'log', label: t.settings.log, needs: 'audit' },
  { path: 'projects', label: t.settings.projects, needs: 'see' },
  { path: 'you', label: t.settings.you, needs: 'self' },
];
