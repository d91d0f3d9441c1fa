import { t } from '../catalogue/index.ts';
import { EmptyState } from '../ui/empty-state.tsx';

/** Where comments and messages will be, as soon as a connection brings them. */
export function Social() {
  return <EmptyState title={t.sandbox.instagramNone} text={t.sandbox.instagramText} />;
}
