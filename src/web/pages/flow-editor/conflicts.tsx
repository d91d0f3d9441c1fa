import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { FlowTrigger } from '#flows/contract.ts';
import { scopesOf } from '#flows/definition.ts';
import { findFlowConflicts } from '#flows/editor/contract.ts';
import { keyOf, send } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import styles from './form.module.css';

/** R13, R14: which active flow has it already, asked while the trigger is filled in. */
export function Conflicts({ flowId, trigger }: { flowId: string; trigger: FlowTrigger }) {
  const [wanted] = useDebouncedValue(JSON.stringify(trigger), 250);
  const conflicts = useQuery({
    queryKey: [...keyOf(findFlowConflicts), flowId, wanted],
    queryFn: ({ signal }) =>
      // As: written above.
      send(findFlowConflicts, { body: { trigger: JSON.parse(wanted) as FlowTrigger, flowId } }, signal),
    // What takes nothing yet is in nobody's way; which project it is does not matter for that.
    enabled: scopesOf(trigger, '').length > 0,
    placeholderData: (before) => before,
  });
  const words = t.editor.conflicts;
  return (
    <output>
      {conflicts.data?.items.map(({ flowId: other, flowName, words: what }) => (
        <p key={what} className={styles.hint} data-severity="warning">
          {other === null ? (
            words.takenElsewhere(what, flowName)
          ) : (
            <>
              {words.taken(what, flowName)} <Link to={paths.flow(other)}>{words.openOther}</Link>
            </>
          )}
        </p>
      ))}
    </output>
  );
}
