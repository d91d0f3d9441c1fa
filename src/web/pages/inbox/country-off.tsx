import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { getProject, updateProject } from '#accounts/contract.ts';
import { countInbox, listInbox, markInboxMessage } from '#messages/contract.ts';
import { useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { countryName } from '../../country.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { useHere } from '../../session.ts';
import { toast, toastProblem } from '../../ui/toast.ts';
import styles from './inbox.module.css';

/** R127: the country of a fan who wrote can be switched on here; without a list, a number of it is what is missing. */
export function CountryOff({ id, country }: { id: string; country: string }) {
  const { project } = useHere();
  const params = { id: project.id };
  const { data } = useRead(getProject, { params });
  const update = useAction(updateProject, { changes: [getProject] });
  const mark = useAction(markInboxMessage, { changes: [listInbox, countInbox] });
  const may = useMay('settings');
  const name = countryName(country);
  if (data === undefined) return null;
  const { countries } = data;
  if (countries.length === 0 || countries.includes(country)) {
    return (
      <p className={styles.why}>
        {countries.length === 0 ? t.inbox.noNumberOf(name) : t.inbox.isOnNow(name)}{' '}
        {countries.length === 0 && <Link to={paths.connections()}>{t.inbox.toConnections}</Link>}
      </p>
    );
  }
  if (!may) return <p className={styles.why}>{t.inbox.askForCountry(name)}</p>;
  const switchOn = async () => {
    try {
      await update.mutateAsync({ params, body: { countries: [...countries, country] } });
      await mark.mutateAsync({ params: { id }, body: { isRead: true } });
      toast(t.inbox.switchedOn(name));
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <div className={styles.buttons}>
      <Button
        size="compact-sm"
        variant="filled"
        loading={update.isPending || mark.isPending}
        onClick={() => void switchOn()}
      >
        {t.inbox.switchOn(name)}
      </Button>
    </div>
  );
}
