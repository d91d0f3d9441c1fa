import { Radio, Stack } from '@mantine/core';
import { getOptOutScope, optOutScopes, setOptOutScope } from '#accounts/contract.ts';
import { useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { Loading } from '../../ui/loading.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import styles from './settings.module.css';

/** How far a STOP by text reaches in the account (R118); a choice holds at once. */
export function OptOutScope() {
  const scope = useRead(getOptOutScope, {});
  const set = useAction(setOptOutScope, { changes: [getOptOutScope] });
  const mayChange = useMay('settings');
  const choose = (value: string) => {
    const chosen = optOutScopes.find((one) => one === value);
    if (chosen === undefined) return;
    set.mutate(
      { body: { scope: chosen } },
      { onSuccess: () => toast(t.settings.optOutsSaved), onError: toastProblem },
    );
  };
  return (
    <div className={styles.apart}>
      <Section title={t.settings.optOuts}>
        {scope.isError && <Problem error={scope.error} again={() => void scope.refetch()} />}
        {scope.isPending && <Loading />}
        {scope.data !== undefined && (
          <Radio.Group
            label={t.settings.optOutsWhich}
            description={t.settings.optOutsWhy}
            value={set.variables?.body?.scope ?? scope.data.scope}
            onChange={choose}
          >
            <Stack gap="xs" mt="sm">
              {optOutScopes.map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={t.settings.optOutScopes[one].label}
                  description={t.settings.optOutScopes[one].what}
                  disabled={!mayChange}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
      </Section>
    </div>
  );
}
