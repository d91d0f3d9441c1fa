import { IconExternalLink } from '@tabler/icons-react';
import { serviceLabel } from '../service-label.ts';
import { ConnectorIcon } from './connector-icon.tsx';
import styles from './service-links.module.css';

interface ServiceLink {
  service: string;
  serviceId: string;
  url: string | null;
}

/** Where a work or an artist is on the services: each name leads to its page there. */
export function ServiceLinks({ label, services }: { label: string; services: readonly ServiceLink[] }) {
  return (
    <ul className={styles.links} aria-label={label}>
      {services.map(({ service, serviceId, url }) => (
        <li key={`${service}:${serviceId}`}>
          <ConnectorIcon id={service} />
          {url === null ? (
            <span>
              {serviceLabel(service)} <code>{serviceId}</code>
            </span>
          ) : (
            <a href={url} target="_blank" rel="noreferrer">
              {serviceLabel(service)}
              <IconExternalLink size={14} aria-hidden />
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The names alone, for a list's column. */
export function ServiceNames({ services }: { services: readonly ServiceLink[] }) {
  const names = [...new Set(services.map(({ service }) => serviceLabel(service)))];
  return <>{names.join(', ')}</>;
}
