import { Button } from '@mantine/core';
import { enterOptInWords } from '#go-live/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { Section } from '../../ui/section.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';

const words = t.connections.optInWords;

/** R98: the keywords lift the provider's block once they are entered there. */
export function OptInWords({ connectionId: id }: { connectionId: string }) {
  const enter = useAction(enterOptInWords, {});
  const may = useMay('connect');
  if (!may) return null;
  const submit = () =>
    enter
      .mutateAsync({ params: { id } })
      .then((entered) => toast(words.entered(entered.words.join(', '))), toastProblem);
  return (
    <Section title={words.title}>
      <p>{words.text}</p>
      <Button loading={enter.isPending} onClick={() => void submit()}>
        {words.enter}
      </Button>
    </Section>
  );
}
