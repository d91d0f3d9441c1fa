import type { Permission } from '#lib/endpoint.ts';
import { useHere } from './session.ts';

/** Whether the person's role allows this, to leave out what the API would refuse. */
export function useMay(permission: Permission): boolean {
  return useHere().permissions.includes(permission);
}
