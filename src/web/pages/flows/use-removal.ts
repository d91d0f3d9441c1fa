import { useNavigate } from 'react-router';
import { deleteFlow, listFlows, type FlowView } from '#flows/contract.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { toast } from '../../ui/toast.ts';

/** Asks, deletes the flow, and goes to the list. */
export function useRemoval({ id, name }: Pick<FlowView, 'id' | 'name'>): () => Promise<void> {
  const confirm = useConfirm();
  const navigate = useNavigate();
  const remove = useAction(deleteFlow, { changes: [listFlows, getFlowFacts] });
  return async () => {
    const isDone = await confirm({
      title: t.editor.removeTitle,
      text: t.editor.removeText(name),
      action: t.editor.removeFlow,
      isDestructive: true,
      run: () => remove.mutateAsync({ params: { id } }),
    });
    if (!isDone) return;
    toast(t.editor.removedFlow);
    void navigate(paths.flows());
  };
}
