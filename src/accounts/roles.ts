import { permissions, scopes, type Permission, type Scope } from '#lib/endpoint.ts';

/** From the least to the most. */
export const roles = ['viewer', 'marketer', 'manager', 'owner'] as const;
export type Role = (typeof roles)[number];

const viewer: readonly Permission[] = ['self', 'see'];
const marketer: readonly Permission[] = [...viewer, 'see-addresses', 'edit', 'activate', 'send', 'export'];
const manager: readonly Permission[] = [
  ...marketer,
  'connect',
  'settings',
  'keys',
  'members',
  'projects',
  'audit',
  'erase',
];

/** Who may what (R89). Every endpoint names the permission it needs; `http/serve.ts` asks here. */
export const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(viewer),
  marketer: new Set(marketer),
  manager: new Set(manager),
  owner: new Set(permissions),
};

/** A role as the scopes of a key: for doors that know only these (the sandbox's). */
export function scopesOf(role: Role): ReadonlySet<Scope> {
  return new Set(permissionsOf[role].has('edit') ? scopes : ['read']);
}
