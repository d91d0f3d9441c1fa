import { Menu } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { Link } from 'react-router';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';

/** What a person can do with their own account, in the menu behind their initials. */
export function AccountMenu() {
  return (
    <Menu.Item component={Link} to={paths.settings()} leftSection={<IconSettings size={16} />}>
      {t.settings.title}
    </Menu.Item>
  );
}
