import type { listReleases } from '#releases/contract.ts';
import type { ItemOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { Cover } from '../../ui/cover.tsx';
import type { Column } from '../../ui/list.tsx';
import { useNow } from '../../ui/now.ts';
import { releaseDate } from '../../ui/release-date.ts';
import { ServiceNames } from '../../ui/service-links.tsx';
import styles from './releases.module.css';

type Release = ItemOf<typeof listReleases>;

/** What a list says of releases; without the artist on her own page. */
export function releaseColumns({ withArtist }: { withArtist: boolean }): readonly Column<Release>[] {
  return [
    {
      label: t.releases.column,
      render: (release) => (
        <span className={styles.named}>
          <Cover artwork={release.artwork} title={release.title} size={44} />
          <span>
            {release.title}
            {withArtist && <small>{release.artistName}</small>}
          </span>
        </span>
      ),
    },
    { label: t.releases.kind, isSecondary: true, render: ({ kind }) => t.releases.kinds[kind] },
    {
      label: t.releases.onServices,
      isSecondary: true,
      render: ({ services }) =>
        services.length === 0 ? (
          <span className={styles.soft}>{t.releases.noService}</span>
        ) : (
          <ServiceNames services={services} />
        ),
    },
    { label: t.releases.when, align: 'right', render: (release) => <When release={release} /> },
  ];
}

function When({ release }: { release: Release }) {
  const now = useNow();
  if (release.cancelledAt !== null) return <span className={styles.soft}>{t.releases.cancelled}</span>;
  return <>{releaseDate(release, now)}</>;
}
