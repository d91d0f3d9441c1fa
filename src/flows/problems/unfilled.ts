import type { z } from 'zod';
import type { Fields } from '#lib/field.ts';
import type { FlowProblem } from '../contract.ts';
import { stepDefinition, triggerDefinition, type FlowDefinition } from '../definition.ts';

/**
 * What a draft still lacks, said beside the field: a config may be saved half filled in and must be
 * whole before it runs. What the trigger asks for by its own rules is not asked for twice.
 */
export function unfilled({ trigger, steps }: FlowDefinition): FlowProblem[] {
  const own = ['callToAction'];
  return [
    ...lacking(triggerDefinition(trigger), trigger.config, 'trigger.config').filter(
      ({ path }) => !own.includes(path.split('.')[2] ?? ''),
    ),
    ...steps.flatMap(({ step, config }, index) =>
      lacking(stepDefinition(step), config, `steps.${index}.config`),
    ),
  ];
}

interface Definition {
  config: z.ZodType;
  fields: Fields;
}

function lacking({ config: schema, fields }: Definition, config: unknown, at: string): FlowProblem[] {
  const issues = schema.safeParse(config).error?.issues ?? [];
  return issues.map(({ path, message }) => {
    const field = fields[String(path[0] ?? '')];
    return {
      severity: 'error',
      path: [at, ...path.map(String)].join('.'),
      code: 'required',
      message: field?.missing ?? message,
    };
  });
}
