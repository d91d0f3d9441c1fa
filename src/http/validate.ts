import type { z } from 'zod';
import { UserError } from '#lib/errors.ts';
import { issueWords } from './issue-words.ts';

/** The value as the schema makes it; otherwise 422 with one entry for each field that is wrong. */
export function validate(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value, { error: issueWords });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => toErrors(issue));
  throw new UserError(422, 'invalid', sentence(errors), { errors });
}

interface FieldError {
  path: string;
  code: string;
  message: string;
}

function toErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      code: 'unknown_field',
      message: 'There is no such field.',
    }));
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ path, code: 'required', message: 'This field is missing.' }];
  }
  return [{ path, code: issue.code, message: issue.message }];
}

function sentence(errors: readonly FieldError[]): string {
  const [first] = errors;
  if (first === undefined) return 'The request is not valid.';
  const where = first.path === '' ? '' : `${first.path}: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${where}${first.message}${more}`;
}
