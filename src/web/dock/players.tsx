import { Select } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { listReleases } from '#releases/contract.ts';
import { playerAnswer, type DockAnswer } from '#sandbox/contract.ts';
import { useRead } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { Cover } from '../ui/cover.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Problem } from '../ui/problem.tsx';
import { RelativeTime } from '../ui/times.tsx';
import styles from './dock.module.css';
import { useSandbox } from './sandbox-call.ts';

type Player = z.output<typeof playerAnswer>['items'][number];
type Entry = Player['saved'][number];

/** What the services show to the fan behind a phone. */
export function Players({ dock }: { dock: DockAnswer }) {
  const [number, setNumber] = useState(dock.phones[0]?.number ?? '');
  const path = `/player?number=${encodeURIComponent(number)}`;
  const players = useSandbox(playerAnswer, path, { refetchInterval: 2_000 });
  const releases = useRead(listReleases, { query: { limit: 100 } }, { staleTime: 30_000 });
  const artworkOf = (id: string | null) => releases.data?.items.find((one) => one.id === id)?.artwork ?? null;
  const items = players.data?.items;
  return (
    <>
      <Select
        label={t.sandbox.holder}
        data={dock.phones.map((one) => ({
          value: one.number,
          label: `${t.sandbox.holders[one.who]}${one.name === null ? '' : ` · ${one.name}`}`,
        }))}
        value={number}
        allowDeselect={false}
        onChange={(value) => setNumber(value ?? number)}
      />
      {players.isError && items === undefined && (
        <Problem error={players.error} again={() => void players.refetch()} />
      )}
      {items?.length === 0 && <EmptyState title={t.sandbox.playerNone} text={t.sandbox.playerNoneText} />}
      {items?.map((player) => (
        <PlayerFrame key={player.connector} player={player} artworkOf={artworkOf} />
      ))}
    </>
  );
}

type ArtworkOf = (id: string | null) => Parameters<typeof Cover>[0]['artwork'];

function PlayerFrame({ player, artworkOf }: { player: Player; artworkOf: ArtworkOf }) {
  const { label, name, isLinked, waiting, saved, following } = player;
  const title = t.sandbox.playerOf(label, name ?? t.sandbox.somebody);
  return (
    <section className={styles.player} aria-label={title}>
      <h3>{title}</h3>
      {!isLinked && <p className={styles.quiet}>{t.sandbox.ended}</p>}
      {waiting.length > 0 && (
        <Shelf title={t.sandbox.waiting} entries={waiting} artworkOf={artworkOf} isAhead />
      )}
      <Shelf title={t.sandbox.saved} entries={saved} artworkOf={artworkOf} />
      {saved.length === 0 && <p className={styles.quiet}>{t.sandbox.savedNone}</p>}
      {following.length > 0 && (
        <Shelf title={t.sandbox.following} entries={following} artworkOf={artworkOf} />
      )}
    </section>
  );
}

interface ShelfProps {
  title: string;
  entries: readonly Entry[];
  artworkOf: ArtworkOf;
  /** These lie in the future. */
  isAhead?: boolean;
}

function Shelf({ title, entries, artworkOf, isAhead = false }: ShelfProps) {
  return (
    <>
      <h4>{title}</h4>
      <ul className={styles.shelf} data-ahead={isAhead || undefined}>
        {entries.map((entry) => (
          <li key={`${entry.title} ${entry.at}`}>
            <Cover artwork={artworkOf(entry.releaseId)} title={entry.title} size={44} />
            <span>
              <b>{entry.title}</b>
              <small className={styles.when}>
                {isAhead && `${t.sandbox.comesOut} `}
                <RelativeTime at={entry.at} />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
