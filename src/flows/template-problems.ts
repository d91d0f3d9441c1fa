import {
  AssignTag,
  CaseTag,
  IfTag,
  LiquidError,
  Output,
  type Template,
  UnlessTag,
  type Value,
  type Variable,
} from 'liquidjs';
import { maxTemplateLength, parseTemplate, type TemplateChannel } from './template-engine.ts';
import { either, factsOf, pathsIn, pathsInArguments, singlePath } from './template-guards.ts';

/** A variable the template may use; `*` stands for any one name: `steps.*.status`. */
export interface KnownPath {
  path: string;
  /** Whether a fan may lack it; then it needs a fallback or a condition around it (R92). */
  mayBeMissing?: boolean;
}

export interface TemplateProblem {
  severity: 'error' | 'warning';
  /** Where in the flow the template stands: `steps.0.config.body`. */
  path: string;
  code:
    | 'template_too_long'
    | 'template_syntax'
    | 'unknown_tag'
    | 'unknown_filter'
    | 'unknown_variable'
    | 'missing_fallback';
  message: string;
}

/**
 * Everything that would go wrong when the template is rendered, found without a fan (R92): syntax,
 * tags and filters that there are not, variables nobody fills, and values that a fan may lack without
 * `default` or an `if` around them. Empty: `renderTemplate` succeeds with any scope that has these paths.
 */
export function templateProblems(
  source: string,
  knownPaths: readonly KnownPath[],
  path = 'body',
  channel: TemplateChannel = 'text',
): TemplateProblem[] {
  const problem = (code: TemplateProblem['code'], message: string): TemplateProblem => ({
    severity: 'error',
    path,
    code,
    message,
  });
  if (source.length > maxTemplateLength) {
    return [
      problem(
        'template_too_long',
        `The text has ${source.length} characters; ${maxTemplateLength} is the most.`,
      ),
    ];
  }
  try {
    const { liquid, templates } = parseTemplate(source, channel);
    const used = Object.values(liquid.analyzeSync(templates, { partials: false }).globals)
      .flat()
      .map(pathOfVariable);
    const unknown = unique(used).filter((name) => findKnown(name, knownPaths) === undefined);
    const bare = unique(collectBare(templates, new Set())).filter(
      (name) => findKnown(name, knownPaths)?.mayBeMissing === true,
    );
    return [
      ...unknown.map((name) =>
        problem(
          'unknown_variable',
          `There is no “${name}”. You can use: ${knownPaths.map((known) => known.path).join(', ')}.`,
        ),
      ),
      ...bare.map((name) =>
        problem(
          'missing_fallback',
          `Not every fan has “${name}”. Add a fallback: {{ ${name} | default: "…" }}.`,
        ),
      ),
    ];
  } catch (error) {
    if (LiquidError.is(error)) return [syntaxProblem(error, problem)];
    throw error;
  }
}

function syntaxProblem(
  error: LiquidError,
  problem: (code: TemplateProblem['code'], message: string) => TemplateProblem,
): TemplateProblem {
  const message = (error.originalError ?? error).message.split('\n')[0] ?? '';
  const tag = /^tag "([^"]*)" not found/.exec(message)?.[1];
  if (tag !== undefined) return problem('unknown_tag', `“{% ${tag} %}” cannot be used here.`);
  const filter = /^undefined filter: (.*?)(, line.*)?$/.exec(message)?.[1];
  if (filter !== undefined) return problem('unknown_filter', `There is no “| ${filter}”.`);
  return problem('template_syntax', `The text cannot be read: ${message}.`);
}

/** Variables written out, or handed on by `assign`, that neither a `default` nor a condition protects. */
function collectBare(templates: readonly Template[], there: ReadonlySet<string>): string[] {
  return templates.flatMap((template) => {
    if (template instanceof Output) return bareIn(template.value, there);
    if (template instanceof AssignTag) return bareIn(assignedValue(template), there);
    if (template instanceof IfTag)
      return bareInBranches(template.branches, template.elseTemplates ?? [], there);
    if (template instanceof UnlessTag) return bareInUnless(template, there);
    if (template instanceof CaseTag) return bareInCase(template, there);
    return [];
  });
}

function bareInBranches(
  branches: IfTag['branches'],
  elseTemplates: readonly Template[],
  there: ReadonlySet<string>,
): string[] {
  const bare: string[] = [];
  let known = there;
  for (const { value, templates } of branches) {
    const { whenTrue, whenFalse } = factsOf(value);
    bare.push(...collectBare(templates, either(known, whenTrue)));
    known = either(known, whenFalse);
  }
  return [...bare, ...collectBare(elseTemplates, known)];
}

/** The first branch of `unless` runs when its condition fails; an `elsif` after it is an ordinary one. */
function bareInUnless(tag: UnlessTag, there: ReadonlySet<string>): string[] {
  const [first, ...others] = tag.branches;
  if (first === undefined) return collectBare(tag.elseTemplates, there);
  const { whenTrue, whenFalse } = factsOf(first.value);
  return [
    ...collectBare(first.templates, either(there, whenFalse)),
    ...bareInBranches(others, tag.elseTemplates, either(there, whenTrue)),
  ];
}

function bareInCase(tag: CaseTag, there: ReadonlySet<string>): string[] {
  const subject = singlePath(tag.value.initial);
  const inside = subject === null ? there : either(there, new Set([subject]));
  return [
    ...tag.branches.flatMap((branch) => collectBare(branch.templates, inside)),
    ...collectBare(tag.elseTemplates, there),
  ];
}

function bareIn(value: Value, there: ReadonlySet<string>): string[] {
  const hasDefault = value.filters.some((filter) => filter.name === 'default');
  const written = hasDefault ? [] : pathsIn(value.initial);
  const handedOn = value.filters.flatMap((filter) => pathsInArguments(filter.args));
  return [...written, ...handedOn].filter((path) => !there.has(path));
}

/** liquidjs keeps the value of an `assign` private, but yields it as the tag's one argument. */
function assignedValue(tag: AssignTag): Value {
  const [value] = [...tag.arguments()];
  return value as Value; // an assign's argument is always a Value, never a bare token
}

function pathOfVariable(variable: Variable): string {
  return variable.segments
    .map((segment) => (typeof segment === 'object' ? `[${String(segment)}]` : String(segment)))
    .join('.');
}

function findKnown(name: string, knownPaths: readonly KnownPath[]): KnownPath | undefined {
  return (
    knownPaths.find(({ path }) => path === name) ??
    knownPaths.find(({ path }) => fits(name.split('.'), path.split('.')))
  );
}

function fits(names: readonly string[], pattern: readonly string[]): boolean {
  return names.length === pattern.length && pattern.every((part, i) => part === '*' || part === names[i]);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
