import { Button, Group } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { packFanEvidence } from '#privacy/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { words } from '../../catalogue/privacy.ts';
import { paths } from '../../paths.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { saveJson } from '../../ui/save-json.ts';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { fullTime } from '../../ui/time.ts';
import { EvidenceConsent } from './evidence-consent.tsx';
import { EvidenceMessages } from './evidence-messages.tsx';
import styles from './evidence.module.css';

export type Pack = ResponseOf<typeof packFanEvidence>;
const w = words.evidence;

/** "Why did you text me?", answered on one page that can be printed or kept as a file. */
export function Component() {
  const { fanId = '' } = useParams();
  // Each look is in the log: asked once, not again by itself.
  const pack = useRead(packFanEvidence, { params: { id: fanId } }, { staleTime: Infinity });
  if (pack.data !== undefined) return <Evidence pack={pack.data} fanId={fanId} />;
  return (
    <Page title={w.title} of={w.of}>
      {pack.isError ? (
        <Problem error={pack.error} again={() => void pack.refetch()} />
      ) : (
        <Loading lines={8} />
      )}
    </Page>
  );
}

function Evidence({ pack, fanId }: { pack: Pack; fanId: string }) {
  const { madeBy, madeAt, addresses, consents } = pack;
  return (
    <Page
      title={w.title}
      of={w.of}
      hint={w.hint(madeBy.programme, madeBy.legalSender)}
      actions={
        <Group gap="xs" className={styles.actions}>
          <Button component={Link} to={paths.fan(fanId)} variant="subtle">
            {t.fans.one}
          </Button>
          <Button
            leftSection={<IconDownload size={16} />}
            onClick={() => saveJson(`evidence-${fanId}.json`, pack)}
          >
            {w.file}
          </Button>
          <Button leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {w.print}
          </Button>
        </Group>
      }
    >
      <Facts>
        {addresses.map(({ channel, value, since, rules }) => (
          <Fact key={`${channel} ${value}`} name={w.address}>
            <strong>{channel === 'sms' ? phoneNumber(value) : value}</strong> · {w.knownSince}{' '}
            {fullTime(since)}
            {rules !== null && ` · ${w.rules(rules.country, rules.checkedOn)}`}
          </Fact>
        ))}
        <Fact name={w.madeOn}>{fullTime(madeAt)}</Fact>
      </Facts>
      <Section title={w.agreements}>
        {consents.length === 0 && <p className={styles.quiet}>{w.noAgreements}</p>}
        {consents.map((consent, at) => (
          <EvidenceConsent key={consent.id} consent={consent} number={at + 1} all={consents} />
        ))}
      </Section>
      <Stops pack={pack} />
      <EvidenceMessages pack={pack} />
    </Page>
  );
}

function Stops({ pack: { optOuts } }: { pack: Pack }) {
  return (
    <Section title={w.stops}>
      {optOuts.length === 0 && <p className={styles.quiet}>{w.noStops}</p>}
      {optOuts.map(({ channel, address, word, at, clearedAt }) => (
        <p key={`${channel} ${address}`} className={styles.line}>
          <strong>{w.stopped(word)}</strong> {fullTime(at)} · {t.fans.channel(channel)} ·{' '}
          {clearedAt === null ? w.stands : `${w.takenBack} ${fullTime(clearedAt)}`}
        </p>
      ))}
    </Section>
  );
}
