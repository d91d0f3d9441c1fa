import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { serviceLabel } from '../../service-label.ts';
import type { Column } from '../../ui/list.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import styles from './fan.module.css';
import { fanName, livingConsents, type Fan } from './fan-words.ts';

/** The columns of every list of fans. */
export const fanColumns: readonly Column<Fan>[] = [
  { label: t.fans.column, render: (fan) => fanName(fan) },
  {
    label: t.fans.number,
    isSecondary: true,
    render: ({ phone }) => (phone === null ? t.fans.nothing : phoneNumber(phone)),
  },
  { label: t.fans.email, isSecondary: true, render: ({ email }) => email ?? t.fans.nothing },
  { label: t.fans.agreedTo, render: (fan) => <Agreed fan={fan} /> },
  { label: t.fans.linked, isSecondary: true, render: linkedServices },
  {
    label: t.fans.since,
    isSecondary: true,
    align: 'right',
    render: (fan) => <RelativeTime at={fan.createdAt} />,
  },
];

/** What may be sent to her; and why not, where she or a doubt stands against it. */
function Agreed({ fan }: { fan: Fan }) {
  const channels = livingConsents(fan)
    .filter(({ activeAt }) => activeAt !== null)
    .map(({ channel }) => t.fans.channel(channel));
  const stopped = new Set(fan.optOuts.map(({ channel }) => t.fans.channel(channel)));
  const agreed = [...new Set(channels)].filter((channel) => !stopped.has(channel));
  if (fan.sendingHeld.sms) return <span className={styles.held}>{t.fans.textsHeld}</span>;
  return (
    <>
      {agreed.join(', ')}
      {agreed.length > 0 && stopped.size > 0 && ', '}
      {stopped.size > 0 && <span className={styles.stopped}>{t.fans.stopped([...stopped])}</span>}
      {agreed.length === 0 && stopped.size === 0 && t.fans.nothing}
    </>
  );
}

function linkedServices({ grants }: Fan): string {
  const live = grants.filter(({ state }) => state === 'live').map(({ service }) => serviceLabel(service));
  return live.length === 0 ? t.fans.nothing : live.join(', ');
}
