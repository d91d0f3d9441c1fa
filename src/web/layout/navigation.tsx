import {
  IconAddressBook,
  IconArrowsRight,
  IconBrowser,
  IconDisc,
  IconGauge,
  IconHome,
  IconInbox,
  IconMicrophone2,
  IconPlugConnected,
  IconRoute,
  IconSettings,
  IconUsersGroup,
} from '@tabler/icons-react';
import { NavLink } from 'react-router';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';
import { useHere } from '../session.ts';
import { useInboxCount } from './inbox-count.ts';
import styles from './layout.module.css';
import { SandboxPlace } from './sandbox-dock.tsx';

/** Every place of a project, in the order of the list; ⌘K offers the same. */
export const places = [
  { to: paths.home(), label: t.home.title, icon: IconHome },
  { to: paths.flows(), label: t.flows.title, icon: IconRoute },
  { to: paths.runs(), label: t.runs.title, icon: IconArrowsRight },
  { to: paths.fans(), label: t.fans.title, icon: IconAddressBook },
  { to: paths.segments(), label: t.segments.title, icon: IconUsersGroup },
  { to: paths.releases(), label: t.releases.title, icon: IconDisc },
  { to: paths.pages(), label: t.pages.title, icon: IconBrowser },
  { to: paths.artists(), label: t.artists.title, icon: IconMicrophone2 },
  { to: paths.inbox(), label: t.inbox.title, icon: IconInbox },
  { to: paths.usage(), label: t.shell.usage, icon: IconGauge },
  { to: paths.connections(), label: t.connections.title, icon: IconPlugConnected },
  { to: paths.settings(), label: t.settings.title, icon: IconSettings },
] as const;

export function Navigation() {
  const { project } = useHere();
  const waiting = useInboxCount();
  return (
    <nav aria-label={t.shell.navigation}>
      <ul className={styles.places}>
        {places.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <NavLink to={to} end={to === paths.home()} className={styles.place}>
              <Icon size={18} stroke={1.6} aria-hidden />
              {label}
              {to === paths.inbox() && waiting > 0 && (
                <span className={styles.count} title={t.shell.waiting(waiting)}>
                  {waiting}
                </span>
              )}
            </NavLink>
          </li>
        ))}
      </ul>
      {!project.isLive && <SandboxPlace />}
    </nav>
  );
}
