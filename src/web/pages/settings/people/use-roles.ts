import type { Role } from '../../../session.ts';
import { useMay } from '../../../may.ts';

const all: readonly Role[] = ['viewer', 'marketer', 'manager', 'owner'];

/** The roles that this person may give: only owners make owners. */
export function useRoles(): readonly Role[] {
  const isOwner = useMay('owners');
  return isOwner ? all : all.filter((role) => role !== 'owner');
}
