import { stepDefinition } from '#flows/definition.ts';
import { t } from '../../catalogue/index.ts';
import { OutcomeSign } from '../../ui/outcome-sign.tsx';
import { titleOf } from './card.ts';
import { expectationsOf } from './expectation-words.ts';
import type { CardProps } from './form-of-card.tsx';
import styles from './outlook.module.css';
import { MailPreview } from './mail-preview.tsx';
import { TextPreview } from './text-preview.tsx';

/** What will happen to whom, what it costs, and what the fan reads: before anything is turned on. */
export function Outlook(props: CardProps) {
  const { open, kept } = props;
  const messages = kept.draft.steps.flatMap(({ step }, index) => {
    const { uses } = stepDefinition(step);
    return uses === null ? [] : [{ uses, position: index + 1 }];
  });
  const shown = open === 'trigger' ? messages[0] : messages.find(({ position }) => position === open);
  return (
    <div className={styles.outlook}>
      {open === 'trigger' ? <WholeFlow {...props} /> : <OneStep {...props} open={open} />}
      {shown !== undefined ? (
        <MessagePreview {...props} {...shown} key={shown.position} />
      ) : (
        <section>
          <h2>{t.editor.cost}</h2>
          <p className={styles.quiet}>{open === 'trigger' ? t.editor.costFlowNone : t.editor.costNone}</p>
        </section>
      )}
    </div>
  );
}

function MessagePreview({ uses, ...props }: CardProps & { uses: 'sms' | 'email'; position: number }) {
  return uses === 'sms' ? <TextPreview {...props} /> : <MailPreview {...props} />;
}

/** Every step in one sentence, said of most fans. */
function WholeFlow({ kept: { draft }, subjects }: CardProps) {
  if (draft.steps.length === 0) {
    return (
      <section>
        <h2>{t.editor.whatHappens}</h2>
        <p className={styles.quiet}>{t.editor.nothingYet}</p>
      </section>
    );
  }
  return (
    <section>
      <h2>{t.editor.whatHappensAll}</h2>
      <ol className={styles.said} aria-label={t.editor.whatHappensAll}>
        {draft.steps.map((step, index) => {
          const facts = subjects.factsAt(index);
          const [lead] = facts === null ? [] : expectationsOf(step, facts);
          return (
            <li key={step.key}>
              <OutcomeSign isBare size={16} status={lead?.outcome ?? 'pending'} />
              <span>
                <b>{titleOf(draft, index + 1, subjects)}</b>
                {lead?.sentence ?? t.shell.loading}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Everything that can become of one step, for whom. */
function OneStep({ kept: { draft }, subjects, open }: CardProps & { open: number }) {
  const step = draft.steps[open - 1];
  const facts = subjects.factsAt(open - 1);
  return (
    <section aria-busy={facts === null}>
      <h2>{t.editor.whatHappens}</h2>
      {step === undefined || facts === null ? (
        <p className={styles.quiet}>{t.shell.loading}</p>
      ) : (
        <ul className={styles.said} aria-label={t.editor.whatHappens}>
          {expectationsOf(step, facts).map(({ key, outcome, sentence }) => (
            <li key={key}>
              <OutcomeSign isBare size={16} status={outcome} />
              <span>{sentence}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
