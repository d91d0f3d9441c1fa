import type { ReactNode } from 'react';
import type { Permission } from '#lib/endpoint.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useHere } from '../../session.ts';
import { EmptyState } from '../../ui/empty-state.tsx';

/** The page, or why this person's role does not open it: for who came by an address. */
export function Allowed({ to, children }: { to: Permission; children: ReactNode }) {
  const { role } = useHere();
  if (useMay(to)) return <>{children}</>;
  return <EmptyState title={t.settings.notYours} text={t.settings.notYoursWhy(t.settings.roles[role])} />;
}
