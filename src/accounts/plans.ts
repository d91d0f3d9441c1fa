/** What an account may do; null: without limit. Data, so that a reseller's plan is one entry (R4). */
export interface Plan {
  label: string;
  /** Steps of one flow. */
  maxSteps: number | null;
  /** Active flows of one project; paused ones do not count (R5). */
  maxActive: number | null;
  /** Instagram triggers and steps (R7). */
  instagram: boolean;
  newReleaseTrigger: boolean;
}

export const plans: Readonly<Record<string, Plan>> = {
  basic: { label: 'Basic', maxSteps: 1, maxActive: 1, instagram: false, newReleaseTrigger: false },
  pro: { label: 'Pro', maxSteps: null, maxActive: 5, instagram: true, newReleaseTrigger: true },
  enterprise: {
    label: 'Enterprise',
    maxSteps: null,
    maxActive: null,
    instagram: true,
    newReleaseTrigger: true,
  },
  'self-hosted': {
    label: 'Self-hosted',
    maxSteps: null,
    maxActive: null,
    instagram: true,
    newReleaseTrigger: true,
  },
};

export const defaultPlan = 'self-hosted';

/** A plan by its id; one that is not known any more limits nothing, so that no account is locked out. */
export function planOf(id: string): Plan {
  const plan = plans[id] ?? plans[defaultPlan];
  if (plan === undefined) throw new Error('the default plan is missing');
  return plan;
}
