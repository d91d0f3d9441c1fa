import { Menu } from '@mantine/core';
import { IconLogout, IconSettings, IconUser } from '@tabler/icons-react';
import { Link } from 'react-router';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';
import { leave } from './sign-out.ts';

/** What a person can do with their own account, in the menu behind their initials. */
export function AccountMenu() {
  return (
    <>
      <Menu.Item component={Link} to={paths.settings('you')} leftSection={<IconUser size={16} />}>
        {t.settings.you}
      </Menu.Item>
      <Menu.Item component={Link} to={paths.settings()} leftSection={<IconSettings size={16} />}>
        {t.settings.title}
      </Menu.Item>
      <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
        {t.signIn.signOut}
      </Menu.Item>
    </>
  );
}
