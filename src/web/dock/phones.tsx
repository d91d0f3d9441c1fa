import { Button } from '@mantine/core';
import { IconColumns2 } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { DockAnswer } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { setTwoPhones, useDock } from './dock-state.ts';
import styles from './dock.module.css';
import { Phone } from './phone.tsx';

/** One phone, or two of them side by side: what one fan does never shows on the other's. */
export function Phones({ dock, isShown }: { dock: DockAnswer; isShown: boolean }) {
  const { hasTwoPhones } = useDock();
  const { numbers, phones } = dock;
  if (numbers.length === 0)
    return (
      <EmptyState title={t.sandbox.noNumber}>
        <Button component={Link} to={paths.connections()}>
          {t.sandbox.toConnections}
        </Button>
      </EmptyState>
    );
  const common = { dock, isShown };
  return (
    <>
      <div className={styles.phones} data-two-phones={hasTwoPhones || undefined}>
        <Phone {...common} first={phones[0]} />
        {hasTwoPhones && <Phone {...common} first={phones[1]} />}
      </div>
      <Button
        className={styles.second}
        size="compact-sm"
        leftSection={<IconColumns2 size={14} aria-hidden />}
        onClick={() => setTwoPhones(!hasTwoPhones)}
      >
        {hasTwoPhones ? t.sandbox.one : t.sandbox.second}
      </Button>
    </>
  );
}
