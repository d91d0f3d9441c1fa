import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../catalogue/index.ts';
import styles from './list.module.css';
import { Problem } from './problem.tsx';

export interface Column<Item> {
  /** Heading; '' for a column that needs none (it is still named for screen readers by `name`). */
  label: string;
  name?: string;
  render: (item: Item) => ReactNode;
  align?: 'right';
  width?: string;
  /** Not on a phone: what can be looked up on the item's own page. */
  isSecondary?: boolean;
}

/** What `useReadPages` and `useRead` give, as far as a list needs it. */
interface Loaded<Item> {
  items: readonly Item[] | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
}

interface ListProps<Item> {
  /** Says what the list holds, for screen readers. */
  label: string;
  pages: Loaded<Item>;
  columns: readonly Column<Item>[];
  keyOf: (item: Item) => string;
  /** Where a row leads; its first column is the link, and the whole row takes the click. */
  to?: (item: Item) => string;
  /** Instead of a list without rows. */
  empty: ReactNode;
  /** Rows of the skeleton. */
  expected?: number;
}

/** Rows with their four states: loading, failed, empty, there. */
export function List<Item>(props: ListProps<Item>) {
  const { pages, empty, expected = 6, columns, label } = props;
  const { items, error } = pages;
  if (items === undefined && error != null)
    return <Problem error={error} again={() => void pages.refetch()} />;
  if (items === undefined) return <Loading rows={expected} columns={columns} label={label} />;
  if (items.length === 0) return <>{empty}</>;
  return (
    <>
      <Rows {...props} items={items} />
      {error != null && <Problem error={error} again={() => void pages.refetch()} />}
      {pages.hasNextPage === true && (
        <div className={styles.more}>
          <Button loading={pages.isFetchingNextPage ?? false} onClick={() => void pages.fetchNextPage?.()}>
            {t.shell.more}
          </Button>
        </div>
      )}
    </>
  );
}

function Rows<Item>({ label, columns, keyOf, to, items }: ListProps<Item> & { items: readonly Item[] }) {
  return (
    <table className={styles.table} aria-label={label}>
      <Head columns={columns} />
      <tbody>
        {items.map((item) => (
          <tr key={keyOf(item)} className={to && styles.leads}>
            {columns.map((column, index) => (
              <td key={column.name ?? column.label} className={classOf(column)} data-label={column.label}>
                {index === 0 && to !== undefined ? (
                  <Link to={to(item)} className={styles.link}>
                    {column.render(item)}
                  </Link>
                ) : (
                  column.render(item)
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head<Item>({ columns }: { columns: readonly Column<Item>[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th
            key={column.name ?? column.label}
            scope="col"
            className={classOf(column)}
            style={{ width: column.width }}
          >
            {column.label === '' ? <span className={styles.unseen}>{column.name}</span> : column.label}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Loading<Item>({
  rows,
  columns,
  label,
}: {
  rows: number;
  columns: readonly Column<Item>[];
  label: string;
}) {
  return (
    <table className={styles.table} aria-busy aria-label={`${label}: ${t.shell.loading}`}>
      <Head columns={columns} />
      <tbody>
        {Array.from({ length: rows }, (_, row) => (
          <tr key={row}>
            {columns.map((column, index) => (
              <td key={column.name ?? column.label} className={classOf(column)}>
                <Skeleton
                  height="0.85rem"
                  my="0.28rem"
                  width={index === 0 ? '70%' : '55%'}
                  ml={column.align && 'auto'}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classOf<Item>({ align, isSecondary }: Column<Item>): string {
  return [align === 'right' ? styles.right : '', isSecondary === true ? styles.secondary : '']
    .join(' ')
    .trim();
}
