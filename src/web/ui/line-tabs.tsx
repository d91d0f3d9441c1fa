import { NavLink } from 'react-router';
import styles from './line-tabs.module.css';

export interface LineTab {
  to: string;
  label: string;
  /** Only this very address, not what lies below it. */
  isExact?: boolean;
}

/** Views of one thing, as points on the line. They are links: each has its own address. */
export function LineTabs({ label, tabs }: { label: string; tabs: readonly LineTab[] }) {
  return (
    <nav aria-label={label} className={styles.tabs}>
      <ul>
        {tabs.map(({ to, label: name, isExact = false }) => (
          <li key={to}>
            <NavLink to={to} end={isExact} preventScrollReset className={styles.tab}>
              <span className={styles.point} aria-hidden />
              {name}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
