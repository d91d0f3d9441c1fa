import { type Expression, TokenKind, type Token, TypeGuards, type Value, type ValueToken } from 'liquidjs';

/** Paths known to have a value when a condition holds, and when it does not. */
export interface Facts {
  whenTrue: ReadonlySet<string>;
  whenFalse: ReadonlySet<string>;
}

type Operand = { facts: Facts; path: string | null; isEmptyLiteral: boolean; isLiteral: boolean };

const nothing: ReadonlySet<string> = new Set();
const noFacts: Facts = { whenTrue: nothing, whenFalse: nothing };

/**
 * What `{% if … %}` proves: `fan.name`, `fan.name != blank`, `fan.name and run.again`. Anything not
 * understood proves nothing, so the worst is a fallback asked for in vain.
 */
export function factsOf(condition: Value): Facts {
  if (condition.filters.length > 0) return noFacts;
  const stack: Operand[] = [];
  for (const token of condition.initial.postfix) {
    if (!TypeGuards.isOperatorToken(token)) stack.push(operandOf(token));
    else if (!apply(operatorOf(token), stack)) return noFacts;
  }
  return stack.length === 1 ? (stack[0]?.facts ?? noFacts) : noFacts;
}

/** `fan.name` of a property token with plain names only; null for anything else. */
export function pathOf(token: Token): string | null {
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return null;
  const names = token.props.map((prop) => {
    if (prop.kind === TokenKind.Word && 'content' in prop) return String(prop.content);
    return TypeGuards.isQuotedToken(prop) || TypeGuards.isNumberToken(prop)
      ? prop.getText().replace(/^["']|["']$/g, '')
      : null;
  });
  return names.includes(null) ? null : names.join('.');
}

/** The path of an expression that is nothing but one variable. */
export function singlePath(expression: Expression): string | null {
  const [only, ...others] = expression.postfix;
  return only === undefined || others.length > 0 ? null : pathOf(only);
}

/** Every variable that stands in an expression. */
export function pathsIn(expression: Expression): string[] {
  return expression.postfix.map(pathOf).filter((path) => path !== null);
}

/** The variables among a filter's arguments, `append: fan.name`. */
export function pathsInArguments(args: readonly (ValueToken | [string?, ValueToken?])[]): string[] {
  return args
    .map((arg) => (Array.isArray(arg) ? arg[1] : arg))
    .filter((token) => token !== undefined)
    .map(pathOf)
    .filter((path) => path !== null);
}

function operandOf(token: Token): Operand {
  const path = pathOf(token);
  if (path !== null)
    return {
      facts: { whenTrue: new Set([path]), whenFalse: nothing },
      path,
      isEmptyLiteral: false,
      isLiteral: false,
    };
  const isLiteral =
    TypeGuards.isLiteralToken(token) || TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token);
  const text = token.getText();
  return {
    facts: noFacts,
    path: null,
    isLiteral,
    isEmptyLiteral: ['nil', 'null', 'blank', 'empty', 'false', '""', "''"].includes(text),
  };
}

function operatorOf(token: Token): string {
  return token.getText().trim();
}

/** Replaces the operands on the stack by the result; false if the expression is malformed. */
function apply(operator: string, stack: Operand[]): boolean {
  const right = stack.pop();
  if (right === undefined) return false;
  if (operator === 'not') {
    stack.push(result({ whenTrue: right.facts.whenFalse, whenFalse: right.facts.whenTrue }));
    return true;
  }
  const left = stack.pop();
  if (left === undefined) return false;
  stack.push(result(combine(operator, left, right)));
  return true;
}

function combine(operator: string, left: Operand, right: Operand): Facts {
  const [a, b] = [left.facts, right.facts];
  if (operator === 'and')
    return { whenTrue: either(a.whenTrue, b.whenTrue), whenFalse: both(a.whenFalse, b.whenFalse) };
  if (operator === 'or')
    return { whenTrue: both(a.whenTrue, b.whenTrue), whenFalse: either(a.whenFalse, b.whenFalse) };
  return compare(operator, left, right);
}

function compare(operator: string, left: Operand, right: Operand): Facts {
  const path = left.path ?? right.path;
  const other = left.path === null ? left : right;
  if (path === null || !other.isLiteral) return noFacts;
  const isThere = new Set([path]);
  if (other.isEmptyLiteral) {
    if (operator === '!=') return { whenTrue: isThere, whenFalse: nothing };
    return operator === '==' ? { whenTrue: nothing, whenFalse: isThere } : noFacts;
  }
  return ['==', 'contains', '>', '<', '>=', '<='].includes(operator)
    ? { whenTrue: isThere, whenFalse: nothing }
    : noFacts;
}

function result(facts: Facts): Operand {
  return { facts, path: null, isEmptyLiteral: false, isLiteral: false };
}

export function either(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a, ...b]);
}

function both(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((path) => b.has(path)));
}
