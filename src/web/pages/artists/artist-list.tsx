import { t } from '../../catalogue/index.ts';
import { Page } from '../../ui/page.tsx';

export function Component() {
  return <Page title={t.artists.title}>{null}</Page>;
}
