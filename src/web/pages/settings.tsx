import { t } from '../catalogue/index.ts';
import { Page } from '../ui/page.tsx';

export function Component() {
  return <Page title={t.settings.title}>{null}</Page>;
}
