import { Outlet } from 'react-router';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';
import { useHere } from '../session.ts';
import { LineTabs } from '../ui/line-tabs.tsx';
import { Page } from '../ui/page.tsx';
import { settingsPlaces } from './settings/places.ts';

/** What a person, a project and its account have set, a tab each; tabs that the role does not open are left out. */
export function Component() {
  const { permissions } = useHere();
  const tabs = settingsPlaces
    .filter(({ needs }) => permissions.includes(needs))
    .map(({ path, label }) => ({ to: paths.settings(path), label, isExact: true }));
  return (
    <Page title={t.settings.title} tabs={<LineTabs label={t.settings.tabs} tabs={tabs} />}>
      <Outlet />
    </Page>
  );
}
