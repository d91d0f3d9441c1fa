import {
  ActionIcon,
  Avatar,
  Menu,
  UnstyledButton,
  VisuallyHidden,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconBook,
  IconChevronDown,
  IconMenu2,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSun,
} from '@tabler/icons-react';
import { Fragment } from 'react';
import { Link } from 'react-router';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { outside, paths } from '../paths.ts';
import { useHere } from '../session.ts';
import { later } from '../ui/later.tsx';
import { AccountMenu } from './account-menu.tsx';
import styles from './layout.module.css';
import { Mark } from './mark.tsx';

const ProjectDialog = later(async () => (await import('../forms/project-dialog.tsx')).ProjectDialog);
const goTo = async () => (await import('@mantine/spotlight')).spotlight.open();

export function Header({ onOpenPlaces }: { onOpenPlaces: () => void }) {
  return (
    <header className={styles.header}>
      <ActionIcon
        className={styles.burger}
        size="lg"
        onClick={onOpenPlaces}
        aria-label={t.shell.openNavigation}
      >
        <IconMenu2 size={20} />
      </ActionIcon>
      <Link to={paths.home()} className={styles.mark} aria-label={`${t.shell.product}: ${t.home.title}`}>
        <Mark />
        <span>{t.shell.product}</span>
      </Link>
      <ProjectSwitch />
      <div className={styles.space} />
      <UnstyledButton className={styles.goTo} onClick={() => void goTo()}>
        <IconSearch size={16} aria-hidden />
        <VisuallyHidden>{`${t.shell.search} ${t.shell.searchWhat}`}</VisuallyHidden>
        <span aria-hidden>{t.shell.search}</span>
        <kbd aria-hidden>{/Mac|iP/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </UnstyledButton>
      <SchemeSwitch />
      <UserMenu />
    </header>
  );
}

function ProjectSwitch() {
  const { project, projects } = useHere();
  const mayMake = useMay('projects');
  const [isMaking, dialog] = useDisclosure(false);
  const accounts = Map.groupBy(projects, ({ accountId }) => accountId);
  return (
    <>
      <Menu position="bottom-start" width={260} withinPortal={false}>
        <Menu.Target>
          <UnstyledButton className={styles.project}>
            <span>{project.name}</span>
            {!project.isLive && (
              <span className={styles.test} title={t.shell.testHint}>
                {t.shell.test}
              </span>
            )}
            <IconChevronDown size={14} aria-hidden />
            <VisuallyHidden>{t.shell.chooseProject}</VisuallyHidden>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {[...accounts].map(([accountId, ofAccount]) => (
            <Fragment key={accountId}>
              {accounts.size > 1 && <Menu.Label>{ofAccount[0]?.accountName}</Menu.Label>}
              {ofAccount.map((one) => (
                // A full load: nothing of one project may be left over in another.
                <Menu.Item
                  key={one.id}
                  component="a"
                  href={outside.project(one.slug)}
                  aria-current={one.id === project.id}
                >
                  {one.name} {!one.isLive && <span className={styles.test}>{t.shell.test}</span>}
                </Menu.Item>
              ))}
            </Fragment>
          ))}
          {mayMake && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={16} />} onClick={dialog.open}>
                {t.settings.newProject}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {isMaking && <ProjectDialog isOpen close={dialog.close} />}
    </>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon
      size="lg"
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      aria-label={isDark ? t.shell.toLight : t.shell.toDark}
    >
      {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}

function UserMenu() {
  const { person, account } = useHere();
  return (
    <Menu position="bottom-end" width={220} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton>
          <Avatar name={person.name} size={32} color="ink" variant="outline" alt="" aria-hidden />
          <VisuallyHidden>{t.shell.account(person.name)}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {person.name} · {account.name}
        </Menu.Label>
        <AccountMenu />
        <Menu.Item component="a" href="/api/docs" leftSection={<IconBook size={16} />}>
          {t.shell.apiDocs}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
