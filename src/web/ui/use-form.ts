import { useState } from 'react';
import { CallError } from '#lib/endpoint.ts';
import { wordsOf } from './problem.tsx';

interface Options<Values, Answer> {
  initial: Values;
  /** Turns what the person sees into the request. */
  submit: (values: Values) => Promise<Answer>;
  onDone?: (answer: Answer) => void;
  /** Where the API's path differs from the field's name: `config.body` → `body`. */
  fieldOf?: (path: string) => keyof Values | null;
}

/**
 * A form that mirrors what the person sees. A refusal's words stand at their fields, the rest in
 * `problem`; nothing typed is ever taken away.
 */
export function useForm<Values extends object, Answer = unknown>(options: Options<Values, Answer>) {
  const [values, setValues] = useState(options.initial);
  const [errors, setErrors] = useState<Partial<Record<keyof Values, string>>>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  function set<Name extends keyof Values>(name: Name, value: Values[Name]): void {
    setValues((now) => ({ ...now, [name]: value }));
    setErrors((now) => ({ ...now, [name]: undefined }));
  }

  async function submit(): Promise<void> {
    setBusy(true);
    setProblem(null);
    setErrors({});
    try {
      options.onDone?.(await options.submit(values));
    } catch (error) {
      const { atFields, rest } = sortErrors(error, values, options.fieldOf);
      setErrors(atFields);
      setProblem(rest);
    } finally {
      setBusy(false);
    }
  }

  return {
    values,
    set,
    errors,
    /** What concerns no single field; null: nothing. */
    problem,
    isBusy,
    isChanged: JSON.stringify(values) !== JSON.stringify(options.initial),
    reset: (to: Values = options.initial) => {
      setValues(to);
      setErrors({});
      setProblem(null);
    },
    /** For a text field: `<TextInput {...form.text('name')} />`. */
    text: <Name extends keyof Values & string>(name: Name) => ({
      name,
      value: String(values[name] ?? ''),
      error: errors[name],
      onChange: (event: { currentTarget: { value: string } }) =>
        // As: only fields that hold text are given to text inputs.
        set(name, event.currentTarget.value as Values[Name]),
    }),
    onSubmit: (event: { preventDefault: () => void }) => {
      event.preventDefault();
      if (!isBusy) void submit();
    },
  };
}

/** 422 errors by the field they name; everything else as it is. */
export function sortErrors<Values extends object>(
  error: unknown,
  values: Values,
  fieldOf: (path: string) => keyof Values | null = (path) => (path in values ? (path as keyof Values) : null),
): { atFields: Partial<Record<keyof Values, string>>; rest: unknown } {
  const list = error instanceof CallError ? (error.problem.errors ?? []) : [];
  const atFields: Partial<Record<keyof Values, string>> = {};
  let left = list.length === 0;
  for (const { path, message } of list) {
    const name = fieldOf(path);
    if (name === null) left = true;
    else atFields[name] ??= message;
  }
  return { atFields, rest: left ? error : null };
}

export { wordsOf };
