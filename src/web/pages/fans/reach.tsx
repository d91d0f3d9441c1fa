import { IconBan, IconCheck, IconMinus, IconPlayerPause } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { Day } from './day.tsx';
import styles from './fan.module.css';
import { livingConsents, type Fan } from './fan-words.ts';
import { PassOnButton } from './pass-on-button.tsx';
import { StopButton } from './stop-button.tsx';

/** Addresses, and for each whether messages may go there, or what stands against it. */
export function Reach({ fan }: { fan: Fan }) {
  const { phone, email, instagram } = fan;
  const hasNone = phone === null && email === null && instagram === null;
  return (
    <Section title={t.fans.reach}>
      {hasNone && <p className={styles.quiet}>{t.fans.noAddress}</p>}
      {phone !== null && (
        <div className={styles.address}>
          <Facts>
            <Fact name={t.fans.number}>{phoneNumber(phone)}</Fact>
          </Facts>
          <div className={styles.standingRow}>
            <Standing fan={fan} channel="sms" />
            {!hasStopped(fan, 'sms') && <StopButton fan={fan} channel="sms" />}
          </div>
          <PassOnButton fan={fan} phone={phone} />
        </div>
      )}
      {email !== null && (
        <div className={styles.address}>
          <Facts>
            <Fact name={t.fans.email}>{email}</Fact>
          </Facts>
          <div className={styles.standingRow}>
            <Standing fan={fan} channel="email" />
            {!hasStopped(fan, 'email') && <StopButton fan={fan} channel="email" />}
          </div>
        </div>
      )}
      {instagram !== null && (
        <div className={styles.address}>
          <Facts>
            <Fact name={t.fans.instagram}>{instagram}</Fact>
          </Facts>
          <OnInstagram fan={fan} />
        </div>
      )}
    </Section>
  );
}

const hasStopped = (fan: Fan, channel: string) => fan.optOuts.some((one) => one.channel === channel);

/** The one thing that decides about messages on a channel: her stop before all else (R40). */
function Standing({ fan, channel }: { fan: Fan; channel: 'sms' | 'email' }) {
  const stop = fan.optOuts.find((one) => one.channel === channel);
  const consent = livingConsents(fan).find((one) => one.channel === channel);
  if (stop !== undefined) {
    return (
      <State is="stopped">
        {t.fans.optedOut(channel, stop.word)} <Day at={stop.at} />
        {channel === 'sms' && fan.blocks.length > 0 && `. ${t.fans.untilStart}`}
      </State>
    );
  }
  if (channel === 'sms' && fan.sendingHeld.sms) {
    return (
      <State is="held">
        {t.fans.heldWhy} <Link to={paths.inbox()}>{t.fans.decide}</Link>
      </State>
    );
  }
  if (channel === 'sms' && fan.blocks[0] !== undefined) {
    return <State is="held">{t.fans.blocked(phoneNumber(fan.blocks[0].sender))}</State>;
  }
  if (consent === undefined) return <State is="closed">{t.fans.notAgreed[channel]}</State>;
  if (consent.activeAt === null) return <State is="held">{t.fans.pending}</State>;
  return (
    <State is="open">
      {t.fans.agreedOn} <Day at={consent.activeAt} />
    </State>
  );
}

/** There it needs no word of hers but the message that she wrote; only her STOP stands against it (R73). */
function OnInstagram({ fan }: { fan: Fan }) {
  const stop = fan.optOuts.find((one) => one.channel === 'instagram');
  if (stop === undefined) return <State is="open">{t.fans.onInstagram}</State>;
  return (
    <State is="stopped">
      {t.fans.optedOut('instagram', stop.word)} <Day at={stop.at} />
    </State>
  );
}

const signs = { open: IconCheck, held: IconPlayerPause, closed: IconMinus, stopped: IconBan };

function State({ is, children }: { is: keyof typeof signs; children: ReactNode }) {
  const Sign = signs[is];
  return (
    <p className={styles.standing} data-is={is}>
      <Sign size={15} stroke={2} aria-hidden />
      <span>{children}</span>
    </p>
  );
}
