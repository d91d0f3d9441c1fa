import { ActionIcon, Tabs } from '@mantine/core';
import { IconDeviceMobile, IconX } from '@tabler/icons-react';
import { dockAnswer, type DockAnswer } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { Problem } from '../ui/problem.tsx';
import { Clock } from './clock.tsx';
import { closeDock, dockTabs, showTab, useDock } from './dock-state.ts';
import styles from './dock.module.css';
import { Faults } from './faults.tsx';
import { Mailbox } from './mailbox.tsx';
import { Phones } from './phones.tsx';
import { Players } from './players.tsx';
import { useSandbox } from './sandbox-call.ts';
import { Plug } from './plug.tsx';
import { Social } from './social.tsx';

/** The fans' side of a test project: what they hold in their hands, and what an artist cannot do in life. */
export function Dock() {
  const { tab } = useDock();
  const dock = useSandbox(dockAnswer, '/dock', { staleTime: 30_000 });
  return (
    <>
      <header className={styles.head}>
        <div className={styles.mark}>
          <IconDeviceMobile size={18} stroke={1.6} aria-hidden />
          <h2>{t.sandbox.mark}</h2>
          <p>{t.sandbox.markWhy}</p>
        </div>
        <ActionIcon onClick={closeDock} aria-label={t.sandbox.close}>
          <IconX size={18} />
        </ActionIcon>
      </header>
      {dock.data === undefined ? (
        dock.isError && <Problem error={dock.error} again={() => void dock.refetch()} />
      ) : (
        <>
          <Clock zoneNumber={dock.data.phones[0]?.number ?? null} />
          <Tabs
            value={tab}
            onChange={(value) => {
              const next = dockTabs.find((one) => one === value);
              if (next !== undefined) showTab(next);
            }}
            color="ink"
          >
            <Tabs.List aria-label={t.sandbox.tabs} className={styles.tabs}>
              {dockTabs.map((one) => (
                <Tabs.Tab key={one} value={one} className={styles.tab}>
                  {t.sandbox.tab[one]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Panels dock={dock.data} />
          </Tabs>
        </>
      )}
    </>
  );
}

function Panels({ dock }: { dock: DockAnswer }) {
  const { tab } = useDock();
  return (
    <>
      <Tabs.Panel value="phone" className={styles.panel}>
        {/* Stays when another is shown: what was typed is not lost. */}
        <Phones dock={dock} isShown={tab === 'phone'} />
      </Tabs.Panel>
      <Tabs.Panel value="player" className={styles.panel}>
        {tab === 'player' && <Players dock={dock} />}
      </Tabs.Panel>
      <Tabs.Panel value="mail" className={styles.panel}>
        {tab === 'mail' && <Mailbox />}
      </Tabs.Panel>
      <Tabs.Panel value="instagram" className={styles.panel}>
        {tab === 'instagram' && <Social />}
      </Tabs.Panel>
      <Tabs.Panel value="break" className={styles.panel}>
        {tab === 'break' && (
          <>
            <Faults dock={dock} />
            <Plug />
          </>
        )}
      </Tabs.Panel>
    </>
  );
}
